import { cell } from '../tests/support/endpoint';
import { Notebook, sourceOf, textOf } from '../tests/support/notebook';
import type { ICell } from '../tests/support/notebook';
import { expect, test } from '../tests/support/test';

test('two pages show the same cells once, and each of them can approve', async ({
  model,
  notebook,
  page,
  panel,
  request
}) => {
  await notebook.write(['']);
  await notebook.open();
  await panel.open();
  const other = await page.context().newPage();
  await other.goto('/lab/workspaces/other');
  await other.waitForFunction(() =>
    window.jupyterapp?.commands.hasCommand('codeact:open-panel')
  );
  const theirs = new Notebook(other, request, notebook.path);
  await theirs.open();
  await model.script([
    cell('print("offered")'),
    cell('print("second")'),
    'Both ran.'
  ]);
  const proposed = '.jp-CodeAct-proposed';

  await panel.send('Run two cells');
  await expect(page.locator(proposed)).toHaveCount(1);
  await expect(other.locator(proposed)).toHaveCount(1);
  const editor = other.locator(`${proposed} .cm-content`);
  await editor.click();
  await editor.fill('print("edited by the other")');
  await other.keyboard.press('Shift+Enter');
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await expect(panel.output(0)).toHaveText('edited by the other');

  await expect(panel.mark(1, 'Waits for approval')).toBeVisible();
  await expect(other.locator(proposed)).toContainText('second');
  await panel.cards.nth(1).getByRole('button', { name: 'Run' }).first().click();
  await expect(panel.prose.last()).toHaveText('Both ran.');
  await panel.finished();

  const shown = (cells: ICell[]) =>
    cells.map(each => [sourceOf(each), textOf(each)]);
  const expected = [
    ['', ''],
    ['print("edited by the other")', 'edited by the other\n'],
    ['print("second")', 'second\n']
  ];
  for (const cells of [
    () => notebook.live(),
    () => theirs.live(),
    () => notebook.saved()
  ]) {
    await expect.poll(async () => shown(await cells())).toEqual(expected);
  }
  await expect(page.locator(proposed)).toHaveCount(0);
  await expect(other.locator(proposed)).toHaveCount(0);
  await other.close();
});
