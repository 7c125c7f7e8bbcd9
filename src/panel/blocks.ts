/**
 * The top-level blocks of Markdown `text`, in order: joined by blank lines they mean what `text` means.
 *
 * Streaming appends, so only the last block can still change; the ones before it are rendered once. Fences, displayed
 * formulas and lists keep their blank lines: cut there, they would become something else.
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let fence = '';
  let gap = false;
  const finish = () => {
    if (block.length) {
      blocks.push(block.join('\n'));
    }
    block = [];
  };
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (!fence && !line.trim()) {
      gap = block.length > 0;
      return;
    }
    if (gap) {
      const last = index === lines.length - 1;
      if (continues(block[0], line) || (last && mayContinue(block[0], line))) {
        block.push('');
      } else {
        finish();
      }
      gap = false;
    }
    block.push(line);
    fence = fence ? (closes(line, fence) ? '' : fence) : opens(line);
  });
  finish();
  return blocks;
}

const ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])\s/;
const QUOTE = /^ {0,3}>/;

/** Whether `line` still belongs to the block that began with `first`, a blank line between them. */
function continues(first: string, line: string): boolean {
  const indented = /^(?: {2,}|\t)/.test(line);
  return ITEM.test(first)
    ? indented || sameList(first, line)
    : !QUOTE.test(first) && /^(?: {4}|\t)/.test(first) && indented;
}

/** Whether what is there of the last `line` could still become an item of the list that began with `first`. */
function mayContinue(first: string, line: string): boolean {
  return ITEM.test(first) && /^ {0,3}(?:[-*+]|\d{1,9}[.)]?)$/.test(line);
}

function sameList(first: string, line: string): boolean {
  const ordered = /^ {0,3}\d/;
  return ITEM.test(line) && ordered.test(first) === ordered.test(line);
}

/** The fence or formula mark that `line` opens, or the empty string. */
function opens(line: string): string {
  const code =
    /^\s*(?:[-*+] |\d{1,9}[.)] |> ?)*\s*(`{3,}(?=[^`]*$)|~{3,})/.exec(line);
  if (code) {
    return code[1];
  }
  return /^\s*\$\$/.test(line) && !/\$\$\s*$/.test(line.replace('$$', ''))
    ? '$$'
    : '';
}

function closes(line: string, fence: string): boolean {
  const bare = line.replace(/^[\s>]*/, '').trimEnd();
  return fence === '$$'
    ? bare.endsWith('$$')
    : bare.length >= fence.length && bare === fence[0].repeat(bare.length);
}
