import type { RunStarted } from '../events';
import { codeAfter, openingTag, withoutCutTag, withoutTags } from './tags';

/** How a model asks for a cell to be run. */
export type ActionFormat = RunStarted['action_format'];

/** A model's reply, cut into what the user reads around its action and the action's code. */
export interface IReply {
  before: string;
  /** The code of the action, or null when the reply has none. */
  code: string | null;
  after: string;
}

interface IFence {
  start: number;
  end: number;
  language: string;
  code: string;
}

const OPENING = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$/;

const ALIASES: { [name: string]: string } = {
  ipython: 'python',
  ipython3: 'python',
  py: 'python',
  py3: 'python',
  python3: 'python',
  rlang: 'r',
  jl: 'julia',
  sh: 'bash',
  shell: 'bash'
};

/**
 * `text` without what became a cell.
 *
 * In the format `fenced` that is the fence that holds `source`; where none does (the user edited the cell), the first
 * one in the kernel's `language`. With `source` null nothing ran and every fence stays in the prose.
 */
export function splitReply(
  text: string,
  language: string,
  source: string | null,
  format: ActionFormat = 'fenced'
): IReply {
  if (format === 'execute') {
    const opening = source === null ? -1 : openingTag(text, source);
    const prose = opening < 0 ? text : text.slice(0, opening);
    return { before: withoutTags(prose), code: source, after: '' };
  }
  if (source === null || format === 'tool') {
    return { before: text, code: source, after: '' };
  }
  const fences = findFences(text);
  const fence =
    fences.find(fence => fence.code.trim() === source.trim()) ??
    fences.find(fence => runs(fence, language));
  return cut(text, fence, source);
}

/** What of a reply that is still being written is prose, and what is code that may become a cell. */
export function splitPartial(
  text: string,
  language: string,
  format: ActionFormat = 'fenced'
): IReply {
  if (format === 'execute') {
    return splitPartialTags(text);
  }
  if (format === 'tool') {
    return { before: text, code: null, after: '' };
  }
  const fence = findFences(text).find(fence => runs(fence, language));
  return fence
    ? cut(text, fence, fence.code)
    : { before: text, code: null, after: '' };
}

function splitPartialTags(text: string): IReply {
  const opening = openingTag(text, null);
  return opening < 0
    ? { before: withoutTags(withoutCutTag(text)), code: null, after: '' }
    : {
        before: withoutTags(text.slice(0, opening)),
        code: codeAfter(text, opening),
        after: ''
      };
}

function cut(text: string, fence: IFence | undefined, code: string): IReply {
  return {
    before: fence ? text.slice(0, fence.start).trimEnd() : text,
    code,
    after: fence ? text.slice(fence.end).trim() : ''
  };
}

function runs(fence: IFence, language: string): boolean {
  return !fence.language || canonical(fence.language) === canonical(language);
}

function canonical(language: string): string {
  const name = language.toLowerCase().replace(/^\{?\.?|\}$/g, '');
  return ALIASES[name] ?? name;
}

/** The fenced blocks of `text`; one that is not closed yet ends with the text. */
function findFences(text: string): IFence[] {
  const fences: IFence[] = [];
  let open: { mark: string; language: string; start: number } | null = null;
  let body = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, end).trimEnd();
    if (!open) {
      const match = OPENING.exec(line);
      if (match) {
        open = { mark: match[1], language: match[2], start };
        body = end;
      }
    } else if (isClosing(line, open.mark)) {
      const code = text.slice(body, start).replace(/\n$/, '');
      fences.push({ start: open.start, end, language: open.language, code });
      open = null;
    }
    start = end;
  }
  if (open) {
    const code = text.slice(body);
    fences.push({
      start: open.start,
      end: text.length,
      language: open.language,
      code
    });
  }
  return fences;
}

function isClosing(line: string, mark: string): boolean {
  const bare = line.trim();
  return bare.length >= mark.length && bare === mark[0].repeat(bare.length);
}
