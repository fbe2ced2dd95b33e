/** Connections through descriptors and files. */

/** Any descriptor, or one for each direction. */
export { fromDescriptors, type Descriptors, type FileDescriptorOptions } from './file-descriptor.ts';
/** A file or a Writable, to be written only. */
export { fromWritable, openFile, type FileOptions, type WritableOptions } from './file.ts';
/** Standard input and output of this process. */
export { standardIO, type IStandardIO, type StandardIOOptions } from './stdio.ts';
