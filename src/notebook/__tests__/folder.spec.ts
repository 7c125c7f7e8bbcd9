import type { Contents } from '@jupyterlab/services';

import { filesBelow } from '../folder';

/** A server with these files; it counts the folders that are looked into, and does not show `locked`. */
function server(paths: string[]) {
  const looked: string[] = [];
  const get = async (folder: string): Promise<Contents.IModel> => {
    looked.push(folder);
    if (folder.endsWith('locked')) {
      throw new Error('Forbidden');
    }
    const prefix = folder && `${folder}/`;
    const inside = paths.filter(path => path.startsWith(prefix));
    const names = new Set(
      inside.map(path => path.slice(prefix.length).split('/')[0])
    );
    const content = [...names].map(name =>
      model(prefix + name, !paths.includes(prefix + name))
    );
    return { ...model(folder, true), content };
  };
  return { looked, contents: { get } };
}

function model(path: string, isFolder: boolean): Contents.IModel {
  return {
    name: path.split('/').pop() ?? '',
    path,
    type: isFolder ? 'directory' : 'file',
    size: 3,
    writable: true,
    created: '',
    last_modified: '2026',
    mimetype: '',
    content: null,
    format: null
  };
}

it('lists what is below the folder, nearest first, by the names that the kernel knows', async () => {
  const { contents } = server([
    'work/deep/er/c.csv',
    'work/a.csv',
    'work/.git/config',
    'work/node_modules/x.js',
    'work/locked/x',
    'other/b.csv'
  ]);
  const found = await filesBelow(contents, 'work');
  expect(found.map(({ name, path }) => [name, path])).toEqual([
    ['a.csv', 'work/a.csv'],
    ['deep/er/c.csv', 'work/deep/er/c.csv']
  ]);
});

it('looks into so many folders only, and so deep', async () => {
  const wide = Array.from({ length: 60 }, (_, index) => `f${index}/x`);
  const { contents, looked } = server([...wide, 'a/b/c/d/e/x']);
  const found = await filesBelow(contents, '');
  expect(looked).toHaveLength(24);
  expect(found).toHaveLength(23);
});
