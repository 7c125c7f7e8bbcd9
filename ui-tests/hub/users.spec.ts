import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Browser, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { cell, Endpoint } from '../tests/support/endpoint';
import { Panel } from '../tests/support/panel';

/** Where the servers of the hub's users are: printed by the hub when they had started, see `playwright.config.js`. */
const SERVERS = {
  ann: process.env.HUB_ANN ?? '',
  ben: process.env.HUB_BEN ?? ''
};

const CONVERSATIONS = '/jupyter-codeact/conversations';

/** The panel of a page that is not Galata's: of it, only what asks nothing of Galata can be used. */
function panelOf(page: Page): Panel {
  return new Panel(page as IJupyterLabPageFixture);
}

/** A page of a user who has logged in, as a browser of theirs. */
async function enter(
  browser: Browser,
  name: keyof typeof SERVERS,
  errors: Error[]
): Promise<Page> {
  const viewport = { width: 1440, height: 900 };
  const page = await (await browser.newContext({ viewport })).newPage();
  page.on('pageerror', error => errors.push(error));
  await page.goto(`${SERVERS[name]}/lab`);
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill('any');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${SERVERS[name]}/lab**`);
  await loaded(page);
  return page;
}

async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    window.jupyterapp?.commands.hasCommand('codeact:open-panel')
  );
  await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
}

test('behind a hub a user works with the panel, and another one sees nothing of it', async ({
  browser,
  request
}, info) => {
  const errors: Error[] = [];
  const model = new Endpoint(request);
  await model.script([
    cell('n = 6 * 7\nprint(n)'),
    'It is 42.',
    cell('print(n + 1)'),
    'Then it is 43.'
  ]);
  const ann = await enter(browser, 'ann', errors);
  const panel = panelOf(ann);
  await panel.open();
  const cells = ann.locator('.jp-NotebookPanel .jp-CodeCell');

  // No notebook is open: the message makes one.
  await panel.send('What is six times seven?');
  await expect(panel.prose.last()).toHaveText('It is 42.');
  await panel.finished();
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await expect(panel.output(0)).toHaveText('42');
  await expect(cells.locator('.jp-OutputArea-output')).toHaveText(['42']);
  const picture = info.outputPath('hub.png');
  await ann.screenshot({ path: picture });
  await info.attach('hub', { path: picture });

  await ann.reload();
  await loaded(ann);
  await panel.open();
  await expect(panel.prose.last()).toHaveText('It is 42.');
  await cells.last().locator('.jp-InputPrompt').click();
  await panel.send('And one more?');
  await expect(panel.prose.last()).toHaveText('Then it is 43.');
  await panel.finished();
  await expect(cells.locator('.jp-OutputArea-output')).toHaveText(['42', '43']);

  const ben = await enter(browser, 'ben', errors);
  const theirs = panelOf(ben);
  await theirs.open();
  await theirs.node.getByRole('button', { name: 'History' }).click();
  await theirs.node.getByLabel('All notebooks').check();
  await expect(theirs.node).toContainText('No conversations');
  await expect(theirs.node.locator('.jp-CodeAct-row')).toHaveCount(0);
  expect(errors).toEqual([]);

  const status = async (page: Page, path: string) =>
    (await page.goto(`${SERVERS.ann}${path}`))?.status();
  expect(await status(ben, '/lab')).toBe(403);
  expect(await status(ben, CONVERSATIONS)).toBe(403);
  expect(await status(ann, CONVERSATIONS)).toBe(200);
  await expect(ann.locator('body')).toContainText('six times seven');
});
