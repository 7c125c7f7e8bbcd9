import type { IOutput } from '@jupyterlab/nbformat';
import { OutputAreaModel } from '@jupyterlab/outputarea';

import { display, stream } from '../../client/__tests__/journal';
import { projectOutputs } from '../outputs';

describe('projectOutputs', () => {
  let area: OutputAreaModel;
  let changes: string[];
  let before: IOutput[] | undefined;

  const show = (...now: IOutput[]) => {
    changes = [];
    projectOutputs(area, before, now);
    before = now;
  };

  beforeEach(() => {
    area = new OutputAreaModel();
    area.changed.connect((_, change) => changes.push(change.type));
    before = undefined;
  });

  it('adds what is new and touches nothing else', () => {
    const first = display('1');
    show(first);
    const shown = area.get(0);
    show(first, display('2'));
    expect(changes).toEqual(['add']);
    expect(area.get(0)).toBe(shown);
    show(...(before ?? []));
    expect(changes).toEqual([]);
  });

  it('lets a stream grow where it is', () => {
    show(stream('a'));
    const shown = area.get(0);
    show(stream('ab'));
    show(stream('abc'));
    expect(area.get(0)).toBe(shown);
    expect(area.toJSON()).toEqual([stream('abc')]);
  });

  it('applies carriage returns as JupyterLab does, however the text arrives', () => {
    show(stream('10%'));
    show(stream('10%\r50%'));
    show(stream('10%\r50%\r100%\n'));
    expect(area.toJSON()).toEqual([stream('100%\n')]);
  });

  it('replaces an updated display in its place', () => {
    const last = display('last');
    show(display('old'), last);
    show(display('new'), last);
    expect(changes).toEqual(['set']);
    expect(area.toJSON()).toEqual([display('new'), display('last')]);
  });

  it('starts anew when outputs are cleared', () => {
    show(display('1'), display('2'));
    show(stream('3'));
    expect(area.toJSON()).toEqual([stream('3')]);
  });

  it('stays right when streams of one name follow each other', () => {
    const first = stream('a');
    show(first, stream('b'));
    show(first, stream('bc'), display('d'));
    expect(area.toJSON()).toEqual([stream('abc'), display('d')]);
    show(stream('x'), stream('bc'), display('d'));
    expect(area.toJSON()).toEqual([stream('xbc'), display('d')]);
  });

  it('leaves an area that shows the outputs already as it is', () => {
    area.fromJSON([stream('100%\n'), display('d')]);
    show(stream('10%\r100%\n'), display('d'));
    expect(changes).toEqual([]);
  });

  it('does in the end what it would have done at once', () => {
    const steps = [
      [stream('a')],
      [stream('a\n'), display('1')],
      [stream('a\n'), display('2')],
      [display('3')],
      [display('3'), stream('b'), stream('c')]
    ];
    steps.forEach(now => show(...now));
    const fresh = new OutputAreaModel({ values: steps[steps.length - 1] });
    expect(area.toJSON()).toEqual(fresh.toJSON());
  });
});
