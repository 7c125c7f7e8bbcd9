/** The states that come and go, each as it comes about, judged by axe at two widths, light and dark. */
import { judge } from './support/axe';
import { cell, waitFor } from './support/endpoint';
import { Notebook } from './support/notebook';
import { expect, test } from './support/test';

test('axe finds nothing wrong while a cell is rejected, and when cells run without asking', async ({
  begin,
  model,
  page,
  panel
}, info) => {
  const check = judge(page, panel, info);
  await begin('ask');
  const { node } = panel;

  await model.script([
    cell('import shutil\nshutil.rmtree("old")'),
    'Then it stays.'
  ]);
  await panel.send('Tidy up');
  await panel.cards.getByRole('button', { name: 'Reject' }).click();
  const reason = node.getByRole('textbox', { name: /Why not/ });
  await reason.fill('That is not yours to delete');
  await check('rejection');
  await reason.press('Enter');
  await expect(panel.prose.last()).toHaveText('Then it stays.');
  await panel.finished();

  await panel.approvals.selectOption('auto');
  await expect(node.getByRole('alertdialog')).toBeVisible();
  await check('bypass-asked');
  await node.getByRole('button', { name: 'Run without asking' }).click();
  await expect(node.getByRole('alertdialog')).toHaveCount(0);
  await expect(panel.approvals).toHaveValue('auto');
  await check('bypass-armed');
});

test('axe finds nothing wrong while messages wait, a run goes on elsewhere, and when it failed', async ({
  model,
  notebook,
  page,
  panel,
  request,
  tmpPath
}, info) => {
  const check = judge(page, panel, info);
  const other = new Notebook(page, request, `${tmpPath}/other.ipynb`);
  await notebook.write(['']);
  await other.write(['']);
  await other.open();
  await notebook.open();
  await panel.open();
  const { node } = panel;
  await panel.runWithoutAsking();
  await model.script([
    cell(`print("begun")\n${waitFor('go')}`),
    { fault: 'status', status: 404, body: 'no such model' }
  ]);
  await panel.send('Look at the delays');
  await expect(panel.output(0)).toContainText('begun');
  await panel.send('By region, please, and with the days of the week as well');
  await panel.send('Draw it');
  await check('queue');
  await node.getByRole('button', { name: 'Edit "Draw it"' }).click();
  await check('queue-edited');
  await node.getByRole('button', { name: 'Cancel' }).click();

  const tabs = page.locator('.lm-DockPanel-tabBar');
  await tabs.getByRole('tab', { name: 'other.ipynb' }).click();
  await expect(
    node.getByRole('button', { name: 'Show the conversation of other.ipynb' })
  ).toBeVisible();
  await check('elsewhere');
  await tabs.getByRole('tab', { name: 'work.ipynb' }).click();

  await notebook.writeFile('go');
  await expect(panel.end).toContainText('does not know the model');
  await expect(node.getByRole('button', { name: 'Try again' })).toBeVisible();
  await check('failed');
});

test('axe finds nothing wrong with a branch, and with what undoes a deletion', async ({
  begin,
  model,
  page,
  panel
}, info) => {
  const check = judge(page, panel, info);
  await begin('ask');
  const { node } = panel;
  await model.script(['It rains.', 'It pours.']);
  await panel.send('How is the weather in the north?');
  await panel.finished();
  await panel.send('And now?');
  await expect(panel.prose.last()).toHaveText('It pours.');
  await panel.finished();
  await node.locator('.jp-CodeAct-message').last().hover();
  await node.getByRole('button', { name: 'Edit and branch' }).last().click();
  await expect(node.getByRole('note')).toContainText('Branched from');
  await check('branch');

  await node.getByRole('button', { name: 'History' }).click();
  const rows = node.locator('.jp-CodeAct-row');
  await expect(rows).toHaveCount(2);
  await node
    .getByRole('button', { name: /^Delete "How is the weather/ })
    .first()
    .click();
  await expect(node.getByRole('button', { name: 'Undo' })).toBeFocused();
  await check('deleted');
});
