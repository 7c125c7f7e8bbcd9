import { cell, waitFor } from './support/endpoint';
import { Notebook, textOf } from './support/notebook';
import { expect, test } from './support/test';

const GATED = waitFor('go') + '\n"late"';

test('a notebook that is renamed in mid-run is written where it is', async ({
  begin,
  model,
  notebook,
  page,
  panel,
  request,
  tmpPath
}) => {
  await begin();
  await model.script([cell(GATED), 'It ran.']);
  await panel.send('Run it');
  await expect(panel.mark(0, 'Running')).toBeVisible();

  const renamed = `${tmpPath}/renamed.ipynb`;
  await page.evaluate(
    async ([from, to]) => {
      await window.jupyterapp.serviceManager.contents.rename(from, to);
    },
    [notebook.path, renamed]
  );
  await expect(panel.node).toContainText('renamed.ipynb');
  await notebook.writeFile('go');
  await expect(panel.prose.last()).toHaveText('It ran.');
  const moved = new Notebook(page, request, renamed);
  await expect
    .poll(async () => (await moved.saved()).slice(1).map(textOf))
    .toEqual(["'late'"]);
  expect(await notebook.saved()).toEqual([]);
});

test('a notebook that is closed in mid-run catches up when it is opened again', async ({
  begin,
  model,
  notebook,
  page,
  panel,
  request
}) => {
  await begin();
  await model.script([cell(GATED), cell('"more"'), 'Both ran.']);
  await panel.send('Run both');
  await expect(panel.mark(0, 'Running')).toBeVisible();

  await page.evaluate(() => window.jupyterapp.shell.currentWidget?.dispose());
  await expect(notebook.cells).toHaveCount(0);
  await notebook.writeFile('go');
  await expect
    .poll(async () => {
      const params = { notebook: notebook.path };
      const url = '/jupyter-codeact/conversations';
      const rows = await (await request.get(url, { params })).json();
      return rows.map((row: { state: string }) => row.state);
    })
    .toEqual(['answered']);

  await notebook.open();
  await expect
    .poll(async () => (await notebook.saved()).slice(1).map(textOf))
    .toEqual(["'late'", "'more'"]);
});

test('a notebook that was renamed while it was closed has its conversations, and a copy has not', async ({
  begin,
  model,
  notebook,
  page,
  panel,
  request,
  tmpPath
}) => {
  await begin();
  await model.script([cell('1 + 1'), 'Two.', cell('2 + 2'), 'Four.']);
  await panel.send('Add');
  await expect(panel.prose.last()).toHaveText('Two.');
  await panel.finished();
  await expect
    .poll(async () => (await notebook.saved()).slice(1).map(textOf))
    .toEqual(['2']);
  await page.evaluate(() => window.jupyterapp.shell.currentWidget?.dispose());
  await expect(notebook.cells).toHaveCount(0);

  // Somebody else renames it, and another notebook gets its name.
  const moved = new Notebook(page, request, `${tmpPath}/renamed.ipynb`);
  const url = (path: string) => `/api/contents/${path}`;
  const data = { path: moved.path };
  expect((await request.patch(url(notebook.path), { data })).ok()).toBe(true);
  await notebook.write(['']);
  await moved.open();
  await panel.open();
  await expect(panel.prose.last()).toHaveText('Two.');
  await expect(panel.node.locator('.jp-CodeAct-notebook')).toHaveText(
    'renamed.ipynb'
  );
  await moved.select(1);
  await panel.send('Add more');
  await expect(panel.prose.last()).toHaveText('Four.');
  await panel.finished();
  await expect
    .poll(async () => (await moved.saved()).slice(1).map(textOf))
    .toEqual(['2', '4']);
  await panel.node.getByRole('button', { name: 'History' }).click();
  await expect(panel.node.locator('.jp-CodeAct-row')).toHaveCount(1);

  const copy = new Notebook(page, request, `${tmpPath}/copy.ipynb`);
  const content = await (await request.get(url(moved.path))).json();
  await request.put(url(copy.path), {
    data: { type: 'notebook', content: content.content }
  });
  await copy.open();
  await panel.open();
  await expect(panel.node.locator('.jp-CodeAct-notebook')).toHaveText(
    'copy.ipynb'
  );
  await expect(panel.node.locator('.jp-CodeAct-row')).toHaveCount(0);
  await expect(panel.cards).toHaveCount(0);
});
