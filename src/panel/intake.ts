import type { ICell } from '@jupyterlab/nbformat';

import type { Attachment } from '../events';
import type { INamedCell } from '../material';
import type { IAttachmentLimits } from '../tokens';
import type { IAttached } from './attached';
import { attach, isImage, labelOf } from './attached';
import type { IMention } from './mentions';
import { attachmentOf, cellName, cellText } from './mentions';
import type { IServices } from './services';
import { problemOf } from './words';

/** The image kinds that the server takes. */
const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

type Needs = Pick<IServices, 'codeact' | 'material' | 'trans'>;

/** Where no server has said so yet. */
const LIMITS = { most: 20, file_bytes: 1_000_000, image_bytes: 10_000_000 };

/** What can go with one message. */
export function limitsOf({
  codeact
}: Pick<IServices, 'codeact'>): IAttachmentLimits {
  return codeact.status?.attachments ?? LIMITS;
}

/** What was chosen to be named, as it goes with the message: a file is checked first. */
export async function ofMention(
  mention: IMention,
  services: Needs
): Promise<IAttached> {
  const { material } = services;
  if (mention.kind === 'file') {
    return ofFile(mention.key, services);
  }
  const cell =
    mention.kind === 'cell'
      ? (material?.cells().find(({ id }) => id === mention.key) ?? null)
      : null;
  const output = cell ? (material?.output(cell.id) ?? '') : '';
  return attached(attachmentOf(mention, cell, output));
}

/** A file of the server's, by its path, which may have a drive. */
export async function ofFile(
  path: string,
  { codeact, material, trans }: Needs
): Promise<IAttached> {
  if (!material) {
    return attached(fileOf(path));
  }
  try {
    const file = await material.file(path);
    const limits = limitsOf({ codeact });
    const made = attach(fileOf(file.path), file.size, limits, trans);
    const fits = made.problem || isImage(made.attachment);
    return fits || (await material.isText(file))
      ? made
      : { ...made, problem: notText(labelOf(made.attachment), trans) };
  } catch (error) {
    return { ...attached(fileOf(path)), problem: problemOf(error) };
  }
}

/** A file of the user's own machine, or a pasted image; its content goes with the message. */
export async function ofLocalFile(
  file: File,
  { codeact, trans }: Needs
): Promise<IAttached> {
  const image = IMAGES.includes(file.type);
  const name = file.name || trans.__('image');
  const kind = image ? 'image' : 'text';
  const bare = { kind, name, text: '', mime: '', data: '' } as const;
  const sized = { ...bare, mime: image ? file.type : '' };
  const made = attach(sized, file.size, limitsOf({ codeact }), trans);
  if (made.problem) {
    return made;
  }
  try {
    const content = await file.arrayBuffer();
    if (image) {
      return attached({ ...sized, data: base64(new Uint8Array(content)) });
    }
    const text = textOf(content);
    return text === null
      ? { ...attached(bare), problem: notText(name, trans) }
      : attached({ ...bare, text });
  } catch (error) {
    return { ...attached(bare), problem: problemOf(error) };
  }
}

/** Cells as nbformat has them, dragged or copied. */
export function ofCells(
  cells: readonly ICell[],
  { material }: Pick<IServices, 'material'>
): IAttached[] {
  const known = material?.cells() ?? [];
  return cells.map((cell, index) => {
    const own = known.find(({ id }) => id === cell.id);
    const named = own ?? namedCell(cell, index);
    const output = own ? (material?.output(own.id) ?? '') : '';
    return attached({
      kind: 'cell',
      name: cellName(named),
      text: cellText(named, output),
      mime: '',
      data: ''
    });
  });
}

/** The cells that `text` holds, as JupyterLab puts them into the clipboard; null for any other text. */
export function cellsIn(text: string): ICell[] | null {
  if (!/^\[\s*\{.*"cell_type"/s.test(text)) {
    return null;
  }
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) && found.every(isCell) ? found : null;
  } catch {
    return null;
  }
}

function isCell(value: unknown): value is ICell {
  return (
    typeof value === 'object' &&
    value !== null &&
    'cell_type' in value &&
    'source' in value
  );
}

function namedCell(cell: ICell, index: number): INamedCell {
  const { cell_type, execution_count, id, source } = cell;
  return {
    id: typeof id === 'string' ? id : '',
    type: String(cell_type),
    number: typeof execution_count === 'number' ? execution_count : null,
    place: index + 1,
    source: Array.isArray(source) ? source.join('') : String(source)
  };
}

function attached(attachment: Attachment): IAttached {
  return { attachment, shown: true, problem: '' };
}

function fileOf(name: string): Attachment {
  return { kind: 'file', name, text: '', mime: '', data: '' };
}

function notText(name: string, trans: Needs['trans']): string {
  return trans.__(
    '%1 is neither text in UTF-8 nor an image: it is not sent. On the server, the kernel can read it by its name.',
    name
  );
}

/** The text in `content`, or null where it is none. */
function textOf(content: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

function base64(content: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < content.length; start += 0x8000) {
    parts.push(String.fromCharCode(...content.subarray(start, start + 0x8000)));
  }
  return btoa(parts.join(''));
}
