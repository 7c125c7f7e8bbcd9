import { cell, Endpoint } from './support/endpoint';
import { expect, test } from './support/test';

test.use({ connected: false });

const KEY = 'sk-canary-4f1d9c7ab2';

test('a model is connected, its key never seen again, and a notebook made', async ({
  model,
  page,
  panel,
  request,
  tmpPath
}) => {
  const bodies: Promise<string>[] = [];
  page.on('response', response => {
    if (!/\/(static|extensions)\//.test(response.url())) {
      bodies.push(response.text().catch(() => ''));
    }
  });
  await panel.open();
  await expect(panel.node).toContainText('No model is connected');
  await expect(panel.node).toContainText('No notebook open');

  await panel.node
    .getByRole('button', { name: 'Connect a model', exact: true })
    .click();
  await panel.node.getByLabel('Base URL').fill(Endpoint.baseUrl);
  await panel.node.getByLabel('API key').fill(KEY);
  await panel.node.getByText('More', { exact: true }).click();
  await panel.node
    .getByLabel('Extra headers')
    .fill(JSON.stringify({ 'X-Key': KEY }));
  await panel.node.getByLabel('Model', { exact: true }).fill('scripted');
  await model.script(['ok'], true);
  await panel.node.getByRole('button', { name: 'List models' }).click();
  await expect(panel.node.getByText('1 model', { exact: true })).toBeVisible();
  await panel.node.getByRole('button', { name: 'Check' }).click();
  const rows = panel.node.getByRole('list', { name: 'Result of the check' });
  await expect(rows.locator('li.jp-mod-ok').first()).toBeVisible();
  await expect(rows.locator('li.jp-mod-fail')).toHaveCount(0);
  await panel.node.getByRole('button', { name: 'Save and use' }).click();
  await expect(panel.model.getByRole('option', { selected: true })).toHaveText(
    'scripted'
  );

  await model.script([cell('print(6 * 7)'), 'It is 42.']);
  await panel.send('What is six times seven?');
  await panel.cards.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(panel.prose.last()).toHaveText('It is 42.');
  await panel.finished();
  await expect(panel.output(0)).toHaveText('42\n');
  const made = await request.get(`/api/contents/${tmpPath}?content=1`);
  const { content } = (await made.json()) as { content: { name: string }[] };
  expect(content.map(({ name }) => name)).toEqual(['Untitled.ipynb']);
  await expect(
    page.locator('.jp-NotebookPanel:visible .jp-Cell').filter({
      hasText: 'print(6 * 7)'
    })
  ).toHaveCount(1);

  const [{ headers }] = await model.requests();
  expect(headers.authorization).toBe(`Bearer ${KEY}`);
  expect(headers['x-key']).toBe(KEY);
  const seen = [...(await Promise.all(bodies)), await page.content()];
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.filter(text => text.includes(KEY))).toEqual([]);

  const stored = await request.get('/jupyter-codeact/connections');
  for (const { name } of (await stored.json()) as { name: string }[]) {
    await request.delete(`/jupyter-codeact/connections/${name}`);
  }
});
