import { Notebook } from './support/notebook';
import { expect, test } from './support/test';

test('conversations are found, renamed, deleted and brought back, over all notebooks and reloads', async ({
  begin,
  model,
  notebook,
  page,
  panel,
  request,
  tmpPath
}, info) => {
  const other = new Notebook(page, request, `${tmpPath}/other.ipynb`);
  await other.write(['']);
  await begin('ask');
  const { node } = panel;
  const rows = node.locator('.jp-CodeAct-row');
  const history = node.getByRole('button', { name: 'History' });
  const search = node.getByRole('searchbox');

  await model.script(['The lorries wait in Hamburg.', 'It is dear.', 'Well.']);
  await panel.send('What drives late deliveries?');
  await panel.finished();
  await node.getByRole('button', { name: 'New conversation' }).click();
  await panel.send('What is the price of tea?');
  await panel.finished();
  await other.open();
  await expect(node.locator('.jp-CodeAct-notebook')).toHaveText('other.ipynb');
  await panel.send('Something else');
  await panel.finished();

  // Per notebook, and over all.
  await history.click();
  await expect(rows).toHaveCount(1);
  await node.getByLabel('All notebooks').check();
  await search.fill('HAMBURG');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('What drives late deliveries?');
  await expect(rows).toContainText('The lorries wait in Hamburg.');
  await expect(rows).toContainText('work.ipynb');
  await panel.shoot(info, 'history');

  // The keyboard alone renames, deletes and undoes.
  await search.press('ArrowDown');
  await page.keyboard.press('F2');
  await page.keyboard.type('Late ones');
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('Late ones');
  await expect(rows.getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(rows).toHaveCount(0);
  await expect(node.getByText('Deleted "Late ones".')).toBeVisible();
  await expect(node.getByRole('button', { name: 'Undo' })).toBeFocused();
  await panel.shoot(info, 'deleted');
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('Late ones');

  await page.keyboard.press('Enter');
  await expect(panel.prose).toHaveText('The lorries wait in Hamburg.');
  await page.reload();
  await notebook.open();
  await panel.open();
  await history.click();
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: 'Late ones' })).toHaveCount(1);

  // What was deleted stays so when the page is gone before its undo is.
  await node.getByRole('button', { name: /^Delete "What is the/ }).click();
  await expect(rows).toHaveCount(1);
  await page.reload();
  await notebook.open();
  await panel.open();
  await history.click();
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('Late ones');
});
