/** Widgets, and the app that runs them. docs/widgets.md shows each. */

/** Runs widgets on a terminal. */
export { App } from './app.ts';
export { appDefaults, type AppOptions } from './app-options.ts';
/** What every widget is, for writing your own. */
export { Widget, type WidgetView } from './widget.ts';
/** How they look. */
export { themeFor, themes, type Theme } from './theme.ts';
/** Where they are. */
export { Columns, Rows, type Part, type StackOptions } from './stack.ts';
export { Box, type BoxOptions } from './box.ts';
export { Viewport, type ViewportOptions } from './viewport.ts';
export { Tabs, type Page } from './tabs.ts';
export { Dialog, type DialogOptions } from './dialog.ts';
/** What is shown. */
export { Label, type LabelOptions } from './label.ts';
export { ProgressBar } from './progress-bar.ts';
export { Spinner } from './spinner.ts';
/** What is typed and chosen. */
export { TextField, type TextFieldOptions } from './text-field.ts';
export { TextArea, type TextAreaOptions } from './text-area.ts';
export { Button } from './button.ts';
export { Checkbox, type CheckboxOptions } from './checkbox.ts';
export { List } from './list.ts';
export { Table, type TableColumn } from './table.ts';
export type { SelectableOptions } from './selectable.ts';
