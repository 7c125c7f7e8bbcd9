import { cellsIn, ofCells, ofFile, ofLocalFile } from '../intake';
import type { IServices } from '../services';
import { Copilot, services } from './doubles';
import { file, Material } from './material';

let material: Material;
let given: IServices;

beforeEach(() => {
  material = new Material();
  given = { ...services(new Copilot()), material };
});

/** A file of the user's own machine; jsdom's has no way to its bytes. */
function local(name: string, type: string, content: number[] | string): File {
  const bytes =
    typeof content === 'string'
      ? Uint8Array.from(Buffer.from(content, 'utf8'))
      : Uint8Array.from(content);
  const made = new File([bytes], name, { type });
  const { buffer } = bytes;
  return Object.assign(made, { arrayBuffer: async () => buffer });
}

describe('a file of the user', () => {
  it('goes as an image, or as text', async () => {
    const image = await ofLocalFile(local('a.png', 'image/png', [1, 2]), given);
    expect(image.attachment).toMatchObject({
      kind: 'image',
      name: 'a.png',
      mime: 'image/png',
      data: 'AQI='
    });
    const text = await ofLocalFile(
      local('a.csv', 'text/csv', 'S\u00fcd'),
      given
    );
    expect(text.attachment).toMatchObject({ kind: 'text', text: 'S\u00fcd' });
    expect([image.problem, text.problem]).toEqual(['', '']);
  });

  it.each([
    [
      'large.txt',
      'text/plain',
      Array(1_000_001).fill(65),
      /^large\.txt is larger than 1\.0 MB/
    ],
    ['a.bin', '', [0xff, 0xfe], /neither text/],
    ['b.bin', '', [65, 0], /neither text/],
    ['a.svg', 'image/svg+xml', [0xff], /neither text/]
  ])('says why it cannot go: %s', async (name, type, content, words) => {
    const made = await ofLocalFile(local(name, type, content), given);
    expect(made.problem).toMatch(words);
    expect(made.attachment.text + made.attachment.data).toBe('');
  });
});

describe('a file of the server', () => {
  it('goes by its path, when it is text or an image of a fitting size', async () => {
    const large = file('large.png', 9_000_000);
    material.found = [...material.found, large, file('l.txt', 9_000_000)];
    material.binaries = [large.path];
    const problem = async (path: string) => (await ofFile(path, given)).problem;
    expect(await problem('work/notes.txt')).toBe('');
    expect(await problem('work/large.png')).toBe('');
    expect(await problem('work/l.txt')).toMatch(
      /^l\.txt is larger than 1\.0 MB/
    );
    expect(await problem('gone.txt')).toBe('gone.txt is not there.');
  });
});

describe('cells', () => {
  const copied = {
    cell_type: 'code',
    id: 'z',
    source: ['x\n', 'y'],
    execution_count: 7,
    metadata: {},
    outputs: []
  };

  it('are found in what JupyterLab copies, and in no other text', () => {
    expect(cellsIn(JSON.stringify([copied]))).toEqual([copied]);
    expect(cellsIn('[{"a": 1, "cell_type": 2}]')).toBeNull();
    expect(cellsIn('[{"cell_type": ')).toBeNull();
    expect(cellsIn('plain')).toBeNull();
  });

  it('go as the model knows cells; those of the notebook with what they put out', () => {
    const own = { ...copied, id: 'a', execution_count: 1 };
    const texts = ofCells([copied, own], given).map(
      ({ attachment }) => attachment.text
    );
    expect(texts).toEqual([
      '# cell z (code, [7])\nx\ny',
      '# cell a (code, [2])\ntotal = 1\n# output of cell a\noutput of a'
    ]);
  });
});
