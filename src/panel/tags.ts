/** Where the code of a reply in the format `execute` stands, and its prose without tags. */

const OPENING = '<execute>';
const CLOSING = '</execute>';
const MARKS = ['<thought>', '</thought>', '<solution>', '</solution>'];
const TAGS = [OPENING, CLOSING, ...MARKS];

/** Code, in which tags are mentioned only, or a tag that is meant. */
const CODE_OR_TAG =
  /^ {0,3}(`{3,}|~{3,})[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))|(`+)[^\n]*?(?:\2|$)|<execute>|<\/?(?:thought|solution)>/gm;

/** The position of the tag that `source` follows; where none does, of the first that begins or ends a line. */
export function openingTag(text: string, source: string | null): number {
  const found = Array.from(text.matchAll(CODE_OR_TAG))
    .filter(match => match[0] === OPENING)
    .map(match => match.index);
  const code = (source ?? '').trim();
  const follows = (at: number) =>
    code !== '' && text.startsWith(code, firstWord(text, at + OPENING.length));
  return (
    found.find(follows) ?? found.find(at => isAlone(text, at)) ?? found[0] ?? -1
  );
}

/** The code after the tag at `opening`, as far as it has come. */
export function codeAfter(text: string, opening: number): string {
  const rest = text.slice(opening + OPENING.length);
  const end = rest.lastIndexOf(CLOSING);
  return (end < 0 ? withoutCutTag(rest) : rest.slice(0, end))
    .replace(/^\s*\n/, '')
    .trimEnd();
}

/** `text` without the tags around its thoughts and its solution; those in code stay. */
export function withoutTags(text: string): string {
  return text
    .replace(CODE_OR_TAG, match => (MARKS.includes(match) ? '' : match))
    .trim();
}

/** `text`, which is still being written, without a tag at its end that has only begun. */
export function withoutCutTag(text: string): string {
  const at = text.lastIndexOf('<');
  const end = text.slice(at);
  return at >= 0 && TAGS.some(tag => tag.startsWith(end))
    ? text.slice(0, at)
    : text;
}

function firstWord(text: string, from: number): number {
  const blank = /\s*/y;
  blank.lastIndex = from;
  blank.exec(text);
  return blank.lastIndex;
}

function isAlone(text: string, at: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', at) + 1, at);
  const after = text.slice(at + OPENING.length).split('\n', 1)[0];
  return !withoutTags(before) || !after.trim();
}
