import type { IOutput } from '@jupyterlab/nbformat';

import { OUTPUT_CHARS, sentOutputs, sentPlaces } from '../sentOutputs';

const stream = (text: string | string[]): IOutput => ({
  output_type: 'stream',
  name: 'stdout',
  text
});
const display = (data: Record<string, unknown>): IOutput => ({
  output_type: 'display_data',
  data: data as IOutput['data'] as never,
  metadata: {}
});
const textOf = (output: IOutput) =>
  (output.data as Record<string, string>)['text/plain'];

describe('outputs that are sent with a message', () => {
  it('are their text as it is while it is short', () => {
    expect(sentOutputs([stream(['a\n', 'b\n'])])).toEqual([stream('a\nb\n')]);
    const [made] = sentOutputs([display({ 'text/plain': '42' })]);
    expect(made.data).toEqual({ 'text/plain': '42' });
  });

  it('name images and other forms, and send none of them', () => {
    const image = 'iVBOR'.repeat(1000);
    const [plot, table] = sentOutputs([
      display({ 'image/png': image, 'text/plain': '<Figure size 640x480>' }),
      display({
        'text/plain': 'a table',
        'text/html': '<table>',
        'application/vnd.x+json': { a: 1 }
      })
    ]);
    expect(plot.data).toEqual({ 'text/plain': '[image/png, 5 KB, not shown]' });
    expect(textOf(table)).toBe(
      'a table\n[application/vnd.x+json, 7 bytes, not shown]'
    );
  });

  it('are HTML where there is no other text', () => {
    const [made] = sentOutputs([display({ 'text/html': '<b>1</b>' })]);
    expect(made.data).toEqual({ 'text/html': '<b>1</b>' });
  });

  it('keep the error, its traceback as one text', () => {
    const error = {
      output_type: 'error',
      ename: 'KeyError',
      evalue: "'x'",
      traceback: ['one', 'two']
    };
    expect(sentOutputs([error])).toEqual([
      { ...error, traceback: ['one\ntwo'] }
    ]);
  });

  it.each([
    ['one long text', [stream('x'.repeat(1e6))]],
    ['many texts', Array(40).fill(stream('x'.repeat(1e5)))],
    [
      'a long error',
      [
        {
          output_type: 'error',
          ename: 'E'.repeat(1e5),
          evalue: 'v'.repeat(1e5),
          traceback: Array(1000).fill('line '.repeat(100))
        }
      ]
    ],
    ['long HTML', [display({ 'text/html': '<p>'.repeat(1e5) })]]
  ] as [string, IOutput[]][])('are short: %s', (_, outputs) => {
    const text = JSON.stringify(sentOutputs(outputs));
    expect(text.length).toBeLessThan(OUTPUT_CHARS * 1.3);
    expect(text).toContain('characters left out');
  });

  it('are the first and the last of very many', () => {
    expect(sentPlaces(3)).toEqual([0, 1, 2]);
    const places = sentPlaces(10000);
    expect(places).toHaveLength(40);
    expect([places[0], places[19], places[20], places[39]]).toEqual([
      0, 19, 9980, 9999
    ]);
  });
});
