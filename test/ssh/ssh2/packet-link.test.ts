/** Our packet link against the stock ssh2 client. */
import { describe } from '@jest/globals';
import { linkFacts } from './link-facts.ts';

describe('our link and the stock client', linkFacts);
