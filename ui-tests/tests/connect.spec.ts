/** A model server that is found, connected, and found out about; and what answers which conversation. */
import { cell, Endpoint } from './support/endpoint';
import { expect, test } from './support/test';

test.use({ connected: false });

test.afterEach(async ({ request }) => {
  const stored = await request.get('/jupyter-codeact/connections');
  for (const { name } of (await stored.json()) as { name: string }[]) {
    await request.delete(`/jupyter-codeact/connections/${name}`);
  }
});

test('a model server that was found is connected in one click', async ({
  model,
  notebook,
  panel
}) => {
  await notebook.write([]);
  await notebook.open();
  await panel.open();
  await panel.node.getByRole('button', { name: 'Connections' }).click();
  const found = panel.node.getByRole('region', {
    name: 'Found on this machine'
  });
  await expect(found).toContainText(Endpoint.baseUrl);
  await found.getByRole('button', { name: 'Connect Model server' }).click();
  const chosen = panel.model.getByRole('option', { selected: true });
  await expect(chosen).toHaveText('scripted');

  await model.script([cell('print(6 * 7)'), 'It is 42.']);
  await panel.send('What is six times seven?');
  await panel.cards.getByRole('button', { name: 'Run', exact: true }).click();
  await panel.finished();
  await expect(panel.prose.last()).toHaveText('It is 42.');

  // Another is chosen, for this conversation only: it stays there, and the next one begins as ever.
  await panel.model.selectOption('offline');
  await panel.send('What data is here?');
  await panel.finished();
  expect(await model.requests()).toHaveLength(2);
  await panel.node.getByRole('button', { name: 'New conversation' }).click();
  await expect(chosen).toHaveText('scripted');
  await panel.node.getByRole('button', { name: 'History' }).click();
  await panel.node.getByRole('button', { name: /^What is six/ }).click();
  await expect(chosen).toHaveText('Offline analyst');
});

test('a check says what an endpoint cannot do, and what to do about it', async ({
  model,
  page,
  panel
}, info) => {
  await panel.open();
  await page.sidebar.setWidth(320, 'right');
  await panel.node.getByRole('button', { name: 'Connections' }).click();
  await panel.node.getByLabel('Base URL').fill(Endpoint.baseUrl);
  await panel.node.getByLabel('Model', { exact: true }).fill('scripted');
  const check = panel.node.getByRole('button', { name: 'Check' });
  const rows = panel.node.getByRole('list', { name: 'Result of the check' });
  const row = (name: string) => rows.locator('li').filter({ hasText: name });

  const numbers = [...Array(40).keys()].join(', ');
  const refusing = { fault: 'refuse', parameter: 'image', text: numbers };
  await model.script([{ text: numbers, usage: null }, refusing], true);
  await check.click();
  await expect(row('images')).toHaveClass('jp-mod-warn');
  await expect(row('images')).toContainText('told in words');
  await expect(row('usage')).toHaveClass('jp-mod-warn');
  await expect(row('reachable')).toHaveClass('jp-mod-ok');
  await expect(rows.locator('li.jp-mod-fail')).toHaveCount(0);
  await panel.node.getByText('More', { exact: true }).click();
  for (const theme of ['light', 'dark']) {
    if (theme === 'dark') {
      await page.theme.setDarkTheme();
    }
    for (const [part, place] of [
      ['top', panel.node.getByRole('heading', { name: 'Connect a model' })],
      ['more', panel.node.getByLabel('Model', { exact: true })],
      ['rows', rows]
    ] as const) {
      await place.evaluate(node => node.scrollIntoView({ block: 'start' }));
      const name = `connect-${theme}-${part}.png`;
      await page.screenshot({ path: info.outputPath(name) });
    }
    const over = await panel.node
      .locator('.jp-CodeAct-page')
      .evaluate(node => node.scrollWidth - node.clientWidth);
    expect(over).toBe(0);
  }

  await model.script([{ fault: 'status', status: 401 }], true);
  await check.click();
  await expect(row('streams')).toHaveClass('jp-mod-fail');
  await expect(row('streams')).toContainText('set a valid key');

  await panel.node.getByLabel('Base URL').fill('http://127.0.0.1:9/v1');
  await check.click();
  await expect(row('reachable')).toHaveClass('jp-mod-fail');
  await expect(row('reachable')).toContainText('start the model server there');
  await expect(rows.locator('li')).toHaveCount(1);
});
