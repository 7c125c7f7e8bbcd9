/** The panel where the user puts it, also while a run is live. */
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

import { cell, waitFor } from './support/endpoint';
import { expect, test } from './support/test';

/** The user moves the panel by the context menu of its tab. */
async function move(page: IJupyterLabPageFixture, to: string): Promise<void> {
  await page
    .locator('.lm-TabBar-tab[data-id="jupyter-codeact-panel"]')
    .click({ button: 'right' });
  await page.getByText('Move Widget To', { exact: true }).hover();
  await page.getByRole('menuitem', { name: to, exact: true }).click();
}

test('the panel goes on showing a run on the left and in the main area', async ({
  begin,
  model,
  notebook,
  page,
  panel
}, info) => {
  await begin();
  await model.script([
    cell(`print("begun")\n${waitFor('left')}\nprint("on the left")`),
    cell(`${waitFor('main')}\nprint("in the middle")`, 'Then **this**:'),
    `${'It is a long answer, which fills the width of where it stands. '.repeat(9)}\n\nDone.`
  ]);
  await panel.send('Go on');
  await expect(panel.output(0)).toContainText('begun');
  await panel.composer.fill('a draft');

  await move(page, 'Move to Left Sidebar');
  await expect(
    page.locator('#jp-left-stack #jupyter-codeact-panel')
  ).toBeVisible();
  await page.sidebar.setWidth(320, 'left');
  await expect(panel.output(0)).toContainText('begun');
  await expect(panel.composer).toHaveValue('a draft');
  await expect(panel.activity).toContainText('step 1 of 12');
  await notebook.writeFile('left');
  await expect(panel.output(0)).toContainText('on the left');
  await expect(panel.mark(1, 'Running')).toBeVisible();
  expect(await panel.overflow()).toBe(0);
  expect((await panel.node.boundingBox())?.width).toBeLessThan(330);
  await page.screenshot({ path: info.outputPath('left.png') });
  const toggle = page.getByRole('button', { name: 'Show or hide CodeAct' });
  await toggle.click();
  await expect(panel.node).toBeHidden();
  await toggle.click();
  await expect(panel.node).toBeVisible();

  await move(page, 'Move to Main Area');
  await expect(
    page.locator('#jp-main-dock-panel #jupyter-codeact-panel')
  ).toBeVisible();
  await expect(panel.stop).toBeVisible();
  await notebook.writeFile('main');
  await expect(panel.output(1)).toContainText('in the middle');
  await expect(panel.prose.last()).toContainText('Done.');
  await panel.finished();
  expect(await panel.overflow()).toBe(0);
  await page.screenshot({ path: info.outputPath('main.png') });

  // It is bound to the notebook, and the shortcut leads to it, wherever it stands.
  await expect(panel.node.locator('.jp-CodeAct-notebook')).toHaveText(
    'work.ipynb'
  );
  await panel.cards
    .first()
    .getByRole('button', { name: 'Go to the cell' })
    .click();
  await expect(panel.node).toBeHidden();
  await page.keyboard.press('Control+Shift+A');
  await expect(panel.composer).toBeFocused();
  await expect(panel.composer).toHaveValue('a draft');

  await page.reload();
  await notebook.open();
  await panel.open();
  await expect(
    page.locator('#jp-main-dock-panel #jupyter-codeact-panel')
  ).toBeVisible();
  await expect(panel.prose.last()).toContainText('Done.');
});
