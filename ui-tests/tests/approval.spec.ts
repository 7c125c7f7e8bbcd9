import { cell } from './support/endpoint';
import { sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

test('a proposed cell waits, runs as edited in the notebook, or goes when rejected', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask');
  await model.script([
    cell('open("as proposed", "w").close()'),
    cell('open("unwanted", "w").close()'),
    'Then I leave it.'
  ]);
  const proposed = page.locator('.jp-CodeAct-proposed');
  const run = page.locator('[data-jp-item-name="codeact-approve"]');

  await panel.send('Write a file');
  await expect(proposed).toHaveCount(1);
  await expect(panel.mark(0, 'Waits for approval')).toBeVisible();
  const editor = proposed.locator('.cm-content');
  await expect(editor).toHaveText('open("as proposed", "w").close()');
  expect(await notebook.hasFile('as proposed')).toBe(false);

  await editor.click();
  await expect(run).toBeVisible();
  await editor.fill('open("as edited", "w").close()\nprint("mine")');
  await page.keyboard.press('Shift+Enter');
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await expect(panel.cards.first()).toContainText('You edited this cell.');
  expect(await notebook.hasFile('as edited')).toBe(true);
  expect(await notebook.hasFile('as proposed')).toBe(false);

  await expect(panel.mark(1, 'Waits for approval')).toBeVisible();
  await expect(proposed).toContainText('unwanted');
  const [, afterEdit] = await model.told();
  expect(afterEdit).toContain('as edited');
  expect(afterEdit).toContain('mine');

  const card = panel.cards.nth(1);
  await card.getByRole('button', { name: 'Reject' }).click();
  await card.getByRole('textbox', { name: /Why not/ }).fill('Not on a Sunday');
  await card.getByRole('button', { name: 'Reject' }).click();
  await expect(panel.prose.last()).toHaveText('Then I leave it.');
  await panel.finished();
  await expect(panel.mark(1, 'Rejected')).toBeVisible();
  await expect(proposed).toHaveCount(0);
  expect(await notebook.hasFile('unwanted')).toBe(false);
  await page.locator('.jp-CodeAct-cell').click();
  await expect(
    page.locator('[data-jp-item-name="duplicate-cell"]')
  ).toBeVisible();
  await expect(run).toBeHidden();
  const [, , afterRejection] = await model.told();
  expect(afterRejection).toContain('Not on a Sunday');

  const [, ran, ...more] = await notebook.live();
  expect(more).toEqual([]);
  expect(sourceOf(ran)).toContain('as edited');
  expect(textOf(ran)).toBe('mine\n');
});
