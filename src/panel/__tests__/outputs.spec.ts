import type { PartialJSONObject } from '@lumino/coreutils';

import { CellOutputs } from '../outputModel';
import { needsTrust } from '../rendering';
import { HTML } from './corpus';
import { rendermime } from './doubles';

const stream = (text: string): PartialJSONObject => ({
  output_type: 'stream',
  name: 'stdout',
  text
});

describe('CellOutputs', () => {
  let outputs: CellOutputs;
  let changes: string[];

  beforeEach(() => {
    outputs = new CellOutputs();
    changes = [];
    outputs.model.changed.connect((_, change) => {
      changes.push(`${change.type} ${change.newIndex}`);
    });
  });

  it('appends without touching what is there', () => {
    const first = stream('a\n');
    outputs.update([first]);
    outputs.update([first, stream('b\n')]);
    expect(changes).toEqual(['add 0', 'add 1']);
    expect(outputs.model.toJSON()).toHaveLength(2);
  });

  it('replaces one output in its place', () => {
    const [first, second] = [stream('a'), stream('b')];
    outputs.update([first, second]);
    outputs.update([first, stream('b and more')]);
    expect(changes).toEqual(['add 0', 'add 1', 'set 1']);
    expect(outputs.model.toJSON()[1]).toMatchObject({ text: 'b and more' });
  });

  it('does nothing when nothing changed', () => {
    const all = [stream('a'), stream('b')];
    outputs.update(all);
    changes = [];
    outputs.update([...all]);
    expect(changes).toEqual([]);
  });

  it('starts over when outputs were cleared', () => {
    outputs.update([stream('a'), stream('b')]);
    outputs.update([stream('c')]);
    expect(outputs.model.toJSON()).toMatchObject([{ text: 'c' }]);
    outputs.update([]);
    expect(outputs.model.length).toBe(0);
  });
});

describe('the safe renderers', () => {
  const safe = rendermime();

  const render = async (mimeType: string, source: string) => {
    const renderer = safe.createRenderer(mimeType);
    const model = safe.createModel({ data: { [mimeType]: source } });
    await renderer.renderModel(model);
    const node = renderer.node.cloneNode(true) as HTMLElement;
    renderer.dispose();
    return node;
  };

  it.each(HTML)('fetch and run nothing for the output %s', async payload => {
    const node = await render('text/html', payload);
    const loading = node.querySelectorAll(
      'script, style, link, iframe, object, embed, video, audio, source, svg, ' +
        '[srcset], [onerror], [onload], [background], [data-commandlinker-command], ' +
        'img:not([src^="data:image/"]), [style*="url"]'
    );
    expect(Array.from(loading).map(element => element.outerHTML)).toEqual([]);
  });

  it('show a data frame as a table', async () => {
    const node = await render(
      'text/html',
      '<style scoped>td {}</style><table class="dataframe"><tr><td>1</td></tr></table>'
    );
    expect(node.querySelector('table.dataframe td')?.textContent).toBe('1');
    expect(node.querySelector('style')).toBeNull();
  });

  it('show untrusted SVG and scripts only as something else', () => {
    const data = { 'image/svg+xml': '<svg/>', 'text/plain': 'x' };
    expect(safe.preferredMimeType(data, 'ensure')).toBe('text/plain');
    expect(needsTrust(data, safe)).toBe(true);
  });

  it('keep renderers that load what their data names for trusted outputs', () => {
    const chart = 'application/vnd.vegalite.v5+json';
    const open = rendermime([
      {
        safe: true,
        mimeTypes: [chart],
        defaultRank: 10,
        createRenderer: () => {
          throw new Error('not rendered here');
        }
      }
    ]);
    const data = {
      [chart]: { data: { url: 'https://evil.test' } },
      'text/plain': 'a chart'
    };
    expect(open.preferredMimeType(data, 'ensure')).toBe('text/plain');
    expect(open.preferredMimeType(data, 'any')).toBe(chart);
    expect(needsTrust(data, open)).toBe(true);
  });

  it.each([
    [{ 'text/plain': 'x' }, false],
    [{ 'text/html': '<b>x</b>', 'text/plain': 'x' }, false],
    [{ 'text/html': '<script>x</script>', 'text/plain': 'x' }, true],
    [{ 'text/html': ['<div></div>', '<script>'], 'text/plain': 'x' }, true],
    [{ 'image/png': 'x', 'text/plain': 'x' }, false],
    [{}, false]
  ])('ask for trust where it would show more: %j', (data, asks) => {
    expect(needsTrust(data, safe)).toBe(asks);
  });
});
