import { Token } from '@lumino/coreutils';

import type { Variable } from './events';

/** A cell that a message can name. */
export interface INamedCell {
  id: string;
  type: string;
  /** Its execution count, or null. */
  number: number | null;
  /** Its place in the notebook, from 1; 0 where it is in none. */
  place: number;
  source: string;
}

/** A variable that a message can name, with its columns where it is a table. */
export type NamedVariable = Pick<
  Variable,
  'name' | 'type' | 'summary' | 'columns'
>;

/** What the kernel holds; `note` says in one line why that is not all, or nothing. */
export interface IVariables {
  variables: NamedVariable[];
  note: string;
}

/** A file that a message can name. */
export interface INamedFile {
  /** From the server's root. */
  path: string;
  /** From the notebook's folder, where the kernel works. */
  name: string;
  /** Bytes; null where that is not known. */
  size: number | null;
  /** When it was last written, ISO 8601. */
  modified: string;
}

/** What a message can name and take along: what the bound notebook, its kernel and its folder have. */
export interface IMaterial {
  /** The cells of the notebook, in order; none when it is not open. */
  cells(): INamedCell[];
  /** What the cell put out last that is text; empty for none. */
  output(cellId: string): string;
  /** Waits some seconds for a busy kernel. */
  variables(): Promise<IVariables>;
  /** The files in the notebook's folder and below it, as far as a user would look through them. */
  files(): Promise<INamedFile[]>;
  /** The file at `path`, which may have a drive; rejects when there is none. */
  file(path: string): Promise<INamedFile>;
  /** Whether the file is text that can be sent. */
  isText(file: INamedFile): Promise<boolean>;
}

export const IMaterial = new Token<IMaterial>(
  'jupyter_codeact:IMaterial',
  'What a message to the copilot can name: variables, cells and files of the bound notebook.'
);
