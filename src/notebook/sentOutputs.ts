import type { IOutput, MultilineString } from '@jupyterlab/nbformat';

/** Characters of the outputs of one cell that a message takes along. */
export const OUTPUT_CHARS = 20000;

const MOST_OUTPUTS = 40;
const TEXTS = ['text/plain', 'text/html', 'text/markdown', 'text/latex'];

/** What a drawing function answers besides the drawing. */
const BARE_OBJECT = /^<[^\n]*>$/;

/** The places of the outputs that are sent of so many: the first and the last. */
export function sentPlaces(count: number): number[] {
  const half = MOST_OUTPUTS / 2;
  const places = [...Array(count).keys()];
  return count <= MOST_OUTPUTS
    ? places
    : places.filter(place => place < half || place >= count - half);
}

/** `outputs` as they are sent with a message: their text, shortened, and of images and other forms only the names. */
export function sentOutputs(outputs: readonly IOutput[]): IOutput[] {
  const room = Math.floor(OUTPUT_CHARS / Math.max(1, outputs.length));
  return outputs.map(output => sentOutput(output, room));
}

function sentOutput(output: IOutput, room: number): IOutput {
  switch (output.output_type) {
    case 'stream':
      return {
        output_type: 'stream',
        name: output.name,
        text: shortened(output.text, room)
      };
    case 'error': {
      const lines = Array.isArray(output.traceback) ? output.traceback : [];
      return {
        output_type: 'error',
        ename: shortened(output.ename, 200),
        evalue: shortened(output.evalue, Math.floor(room / 4)),
        traceback: [shortened(lines.join('\n'), Math.floor((room * 3) / 4))]
      };
    }
    default:
      return {
        output_type: 'display_data',
        data: sentData((output.data ?? {}) as Record<string, unknown>, room),
        metadata: {}
      };
  }
}

function sentData(
  data: Record<string, unknown>,
  room: number
): Record<string, string> {
  const others = Object.keys(data).filter(mime => !TEXTS.includes(mime));
  const names = others.map(
    mime => `[${mime}, ${sizeOf(data[mime])}, not shown]`
  );
  const mime = TEXTS.find(each => joined(data[each]) !== '');
  const text = mime ? joined(data[mime]) : '';
  if (mime && mime !== 'text/plain' && names.length === 0) {
    return { [mime]: shortened(text, room) };
  }
  const says = mime === 'text/plain' && !(names.length && bare(text));
  const lines = says ? [shortened(text, room), ...names] : names;
  return { 'text/plain': lines.join('\n') };
}

function bare(text: string): boolean {
  return BARE_OBJECT.test(text.trim());
}

/** The head and the tail of a text, with the amount that is left out between them. */
function shortened(value: unknown, room: number): string {
  const text = joined(value);
  if (text.length <= room) {
    return text;
  }
  const half = Math.max(0, Math.floor((room - 60) / 2));
  const more = text.length - 2 * half;
  const tail = text.slice(text.length - half);
  return `${text.slice(0, half)}\n[... ${more} characters left out ...]\n${tail}`;
}

function joined(value: unknown): string {
  const text = value as MultilineString | undefined;
  return Array.isArray(text) ? text.join('') : String(text ?? '');
}

/** The size of a form of an output, for a reader. */
function sizeOf(value: unknown): string {
  const count = (
    typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  ).length;
  return count < 1000
    ? `${count} bytes`
    : count < 1_000_000
      ? `${Math.round(count / 1000)} KB`
      : `${(count / 1e6).toFixed(1)} MB`;
}
