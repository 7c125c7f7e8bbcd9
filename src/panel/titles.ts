import { visible } from './words';

const LONGEST = 120;
/** So much of a text is looked at for a title; a line may be of any length. */
const LOOKED_AT = 2000;
const COMMENT = /^\s*(?:#|\/\/|--)\s*(?![\s!%+]|-\*-)(.*\p{L}.*)$/u;

/**
 * A step in plain words: the comment its code begins with, else the first sentence of its prose, else the first line
 * of its code.
 */
export function titleOf(code: string, prose: string): string {
  const head = code.trimStart().slice(0, LOOKED_AT);
  const lines = head.split('\n').filter(line => line.trim());
  const comment = COMMENT.exec(lines[0] ?? '')?.[1] ?? '';
  const title = trimmed(comment) || firstSentence(prose) || (lines[0] ?? '');
  return visible(shortened(title.trim()));
}

/**
 * Whether `title` has all the words of `prose`, so that they need not stand twice. What it leaves out is emphasis and the
 * mark at the end.
 */
export function saysAll(title: string, prose: string): boolean {
  const words = prose.replace(/\*\*|`/g, '').replace(/\s+/g, ' ');
  return title !== '' && trimmed(words) === title;
}

/** The first sentence of Markdown `prose`, without its marks. */
export function firstSentence(prose: string): string {
  const plain = prose
    .slice(0, LOOKED_AT)
    .replace(/(`{3,}|~{3,})[\s\S]*?(\1|$)/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}|[-*+>]|\d+[.)])\s+/gm, '')
    .replace(/[*`]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '');
  const paragraph = plain.trim().split(/\n\s*\n/)[0];
  const text = paragraph.replace(/\s+/g, ' ').trim();
  const sentence = /^.+?[.!?\u3002](?=\s|$)/u.exec(text)?.[0] ?? text;
  return trimmed(sentence);
}

function trimmed(text: string): string {
  return text.replace(/^[\s=#*-]+|[\s.:;=#*-]+$/gu, '');
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}\u2026` : text;
}
