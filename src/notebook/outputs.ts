import type { IOutput } from '@jupyterlab/nbformat';
import type { IOutputAreaModel } from '@jupyterlab/outputarea';
import { OutputAreaModel } from '@jupyterlab/outputarea';
import { JSONExt } from '@lumino/coreutils';

/**
 * `area` shows `now`, and only what differs was touched.
 *
 * @param area The outputs of a cell in the notebook.
 * @param before What was projected into `area` last; undefined when nothing was by this page.
 * @param now The cell's folded outputs, each of which is replaced and never changed.
 */
export function projectOutputs(
  area: IOutputAreaModel,
  before: readonly IOutput[] | undefined,
  now: readonly IOutput[]
): void {
  if (before === undefined) {
    if (!shows(area, now)) {
      rebuild(area, now);
    }
  } else if (!grow(area, before, now)) {
    rebuild(area, now);
  }
}

/** Whether `area` is what JupyterLab makes of `outputs`; it merges streams and applies carriage returns. */
function shows(area: IOutputAreaModel, outputs: readonly IOutput[]): boolean {
  const wanted = new OutputAreaModel({ values: [...outputs] });
  const same = JSONExt.deepEqual(wanted.toJSON(), area.toJSON());
  wanted.dispose();
  return same;
}

function rebuild(area: IOutputAreaModel, outputs: readonly IOutput[]): void {
  area.clear();
  outputs.forEach(output => area.add(output));
}

/** `area` went from `before` to `now` in place; false, with nothing done, where that takes more than small changes. */
function grow(
  area: IOutputAreaModel,
  before: readonly IOutput[],
  now: readonly IOutput[]
): boolean {
  const replaced = before.flatMap((output, i) => (output === now[i] ? [] : i));
  const last = before.length - 1;
  const more = now.slice(before.length);
  if (replaced.length === 1 && replaced[0] === last && now.length > last) {
    const added = continuation(before[last], now[last]);
    if (added) {
      [added, ...more].forEach(output => area.add(output));
      return true;
    }
  }
  // With streams merged, or outputs lost to the user, the numbers of `area` are not those of the fold.
  const aligned = area.length === before.length && now.length >= before.length;
  if (replaced.length > 0 && !aligned) {
    return false;
  }
  replaced.forEach(index => area.set(index, now[index]));
  more.forEach(output => area.add(output));
  return true;
}

/** The stream output that turns `before` into `now` when it is added, or null. */
function continuation(before: IOutput, now: IOutput): IOutput | null {
  if (before.output_type !== 'stream' || now.output_type !== 'stream') {
    return null;
  }
  const [start, whole] = [textOf(before), textOf(now)];
  return before.name === now.name && whole.startsWith(start)
    ? { ...now, text: whole.slice(start.length) }
    : null;
}

function textOf(output: IOutput): string {
  const text = output.text;
  return Array.isArray(text) ? text.join('') : String(text);
}
