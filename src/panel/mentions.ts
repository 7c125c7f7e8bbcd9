import type { TranslationBundle } from '@jupyterlab/translation';

import type { Attachment } from '../events';
import type { INamedCell, INamedFile, NamedVariable } from '../material';
import { firstSentence } from './titles';
import { visible } from './words';

export type MentionKind = 'variable' | 'column' | 'cell' | 'file';

/** Something that a message can name with `@`. */
export interface IMention {
  readonly kind: MentionKind;
  /** What stands in the message after the `@`, and what the model finds it by. */
  readonly name: string;
  /** What it is, in some words. */
  readonly detail: string;
  /** A cell's id, a file's path; else the name. */
  readonly key: string;
  /** Bytes of a file; null where that is not known. */
  readonly size: number | null;
}

/** What is being named: where its `@` stands, and what is typed after it. */
export interface IQuery {
  start: number;
  text: string;
}

/** Of each kind so many are shown before anything is typed, and so many of those that fit. */
const FIRST = 3;
const FITTING = 4;
const DETAIL_CHARS = 80;
const KINDS: readonly MentionKind[] = ['variable', 'column', 'cell', 'file'];

/** What is being named at `caret`; null where that is no mention, as in an e-mail address. */
export function mentionAt(text: string, caret: number): IQuery | null {
  const found = /(?:^|[\s([{,;:"'`])@(\S{0,80})$/u.exec(text.slice(0, caret));
  return found && { start: caret - found[1].length - 1, text: found[1] };
}

/** The text with what was being typed at `query` replaced by the name, and where the caret is then. */
export function named(
  text: string,
  query: IQuery,
  name: string
): { text: string; caret: number } {
  const after = text.slice(query.start + 1 + query.text.length);
  const head = `${text.slice(0, query.start)}@${name}`;
  const gap = /^\s/.test(after) ? '' : ' ';
  return { text: head + gap + after, caret: head.length + 1 };
}

/** The variables, and the columns of those that are tables. */
export function ofVariables(variables: readonly NamedVariable[]): IMention[] {
  const whole = variables.map(({ name, type, summary }) =>
    mention('variable', name, summary ? `${type}, ${summary}` : type)
  );
  const columns = variables.flatMap(({ name, columns }) =>
    columns.map(column =>
      mention('column', columnName(name, column.name), column.dtype)
    )
  );
  return [...whole, ...columns];
}

/** The cells that hold something: by number where they ran, else by place. */
export function ofCells(
  cells: readonly INamedCell[],
  trans: TranslationBundle
): IMention[] {
  return cells
    .filter(({ source }) => source.trim() !== '')
    .map(cell => ({
      ...mention('cell', cellName(cell), lineOf(cell, trans)),
      key: cell.id
    }));
}

/** The files, the latest first. */
export function ofFiles(files: readonly INamedFile[]): IMention[] {
  return [...files]
    .sort((a, b) => b.modified.localeCompare(a.modified))
    .map(({ name, path, size }) => ({
      ...mention('file', name, size === null ? '' : bytes(size)),
      key: path,
      size
    }));
}

/** What a message calls the cell. */
export function cellName({ number, place }: INamedCell): string {
  return number !== null ? `cell[${number}]` : `cell#${place}`;
}

/** Of `mentions` those that fit what is typed, best first, kind by kind; a few of each kind before anything is typed. */
export function fitting(
  mentions: readonly IMention[],
  typed: string
): IMention[] {
  const wanted = typed.toLowerCase();
  const most = wanted ? FITTING : FIRST;
  const groups = KINDS.map(kind => {
    const rated = mentions
      .filter(each => each.kind === kind)
      .map(each => ({ each, rank: rankOf(each, wanted) }))
      .filter(({ rank }) => rank < Infinity);
    return rated.sort((a, b) => a.rank - b.rank).slice(0, most);
  });
  return groups
    .filter(group => group.length > 0)
    .sort((a, b) => a[0].rank - b[0].rank)
    .flatMap(group => group.map(({ each }) => each));
}

/** What goes with the message of it; the server reads variables and files itself. `output` is what a cell put out. */
export function attachmentOf(
  { kind, name, key }: IMention,
  cell: INamedCell | null = null,
  output = ''
): Attachment {
  const none = { text: '', mime: '', data: '' };
  switch (kind) {
    case 'variable':
    case 'column':
      return { kind: 'variable', name, ...none };
    case 'file':
      return { kind: 'file', name: key, ...none };
    case 'cell':
      return {
        kind: 'cell',
        name,
        ...none,
        text: cell ? cellText(cell, output) : ''
      };
  }
}

/** A cell as the model knows the cells of the notebook: with its id, and what it put out. */
export function cellText(cell: INamedCell, output: string): string {
  const number = cell.number === null ? '' : `, [${cell.number}]`;
  const head = `# cell ${cell.id} (${cell.type}${number})\n${cell.source}`;
  return output
    ? `${head}\n# output of cell ${cell.id}\n${output.trimEnd()}`
    : head;
}

/** `size` bytes as a person says it: 870 B, 1.8 kB, 2.4 MB. */
export function bytes(size: number): string {
  if (size < 1000) {
    return `${size} B`;
  }
  const [unit, name] = size < 999_950 ? [1000, 'kB'] : [1_000_000, 'MB'];
  return `${(size / (unit as number)).toFixed(1)} ${name}`;
}

function mention(kind: MentionKind, name: string, detail: string): IMention {
  const short = visible(detail).replace(/\s+/g, ' ').slice(0, DETAIL_CHARS);
  return { kind, name, detail: short, key: name, size: null };
}

/** A column as the kernel is asked for it. */
function columnName(table: string, column: string): string {
  if (/^[^\W\d]\w*$/u.test(column)) {
    return `${table}.${column}`;
  }
  const quote = column.includes('"') ? "'" : '"';
  return `${table}[${quote}${column}${quote}]`;
}

/** A cell's heading, or its first line. */
function lineOf(cell: INamedCell, trans: TranslationBundle): string {
  const lines = cell.source.split('\n').filter(line => line.trim());
  if (cell.type !== 'markdown') {
    return lines[0].trim();
  }
  const heading = lines.find(line => /^\s*#/.test(line)) ?? lines[0];
  return firstSentence(heading) || trans.__('Text');
}

/** How well it fits, 0 best; infinite where it does not. A column is known by its own name, too. */
function rankOf({ kind, name, detail }: IMention, wanted: string): number {
  const own = name.toLowerCase();
  const last = own.split(kind === 'file' ? '/' : /[.[]["']?/).pop() ?? own;
  const about = kind === 'cell' ? detail.toLowerCase() : '';
  const places = [
    own.startsWith(wanted),
    last.startsWith(wanted) || about.startsWith(wanted),
    own.includes(wanted),
    about.includes(wanted)
  ];
  const place = places.indexOf(true);
  return place < 0 ? Infinity : place;
}
