/** The ways from a notebook to a question, and what tells of the answer elsewhere. */
import { cell, waitFor } from './support/endpoint';
import { expect, test } from './support/test';

test.beforeEach(async ({ begin }) => {
  await begin('ask', ['total = sum(nubmers)', 'print("alpha beta")']);
});

test('a failing cell is fixed and explained from its traceback', async ({
  model,
  notebook,
  page,
  panel
}) => {
  await notebook.run(0);
  const bar = page.locator('.jp-OutputArea-child .jp-CodeAct-failureBar');
  await model.script(['Write numbers.', 'It is a typo.']);
  const [buttons, error] = await Promise.all([
    bar.boundingBox(),
    page.locator('.jp-CodeAct-failed pre').boundingBox()
  ]);
  expect(error!.y).toBeGreaterThanOrEqual(buttons!.y + buttons!.height);
  await bar.getByRole('button', { name: 'Fix' }).click();
  await expect(panel.prose.last()).toHaveText('Write numbers.');
  await panel.finished();
  const name = "NameError: name 'nubmers' is not defined";
  const [told] = await model.told();
  expect(told).toContain(
    `Fix cell [1] (\`own-0\`), which fails with \`${name}\``
  );
  expect(told).toContain('# cell own-0 (code, [1], active)');
  await bar.getByRole('button', { name: 'Explain' }).click();
  await expect(panel.prose.last()).toHaveText('It is a typo.');
  await panel.finished();
});

test('a selection, a cell and a line below the last cell become a message', async ({
  notebook,
  page,
  panel
}) => {
  const editor = notebook.cells.nth(1).locator('.cm-content');
  await editor.click();
  await page.keyboard.press('Control+a');
  await editor.click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Ask CodeAct About the Selection' })
    .click();
  await expect(panel.composer).toBeFocused();
  await expect(panel.composer).toHaveValue(
    'About this part of cell `own-1`:\n\n```python\nprint("alpha beta")\n```\n'
  );
  await panel.composer.fill('');
  await notebook.select(0);
  await notebook.cells.nth(0).click({ button: 'right' });
  await page
    .getByRole('menuitem', { name: 'Ask CodeAct About This Cell' })
    .click();
  await expect(panel.composer).toHaveValue('About cell `own-0`: ');
  await panel.composer.fill('');

  const line = page.getByRole('textbox', { name: /Ask CodeAct about/ });
  await line.click();
  await page.keyboard.type('add a dd b');
  await page.keyboard.press('Enter');
  await expect(panel.composer).toHaveValue('add a dd b');
  await expect(notebook.cells).toHaveCount(2);
});

test('the status bar says what goes on and leads to the panel', async ({
  model,
  notebook,
  page,
  panel
}) => {
  const status = page.locator('.jp-CodeAct-standing');
  await expect(status).toHaveText('CodeAct: idle');
  await model.script([cell(waitFor('go')), 'Done.']);
  await panel.send('Wait');
  await expect(status).toHaveText('CodeAct: waiting for you');
  await page
    .locator('.jp-CodeAct-cellBar')
    .getByText('Run', { exact: true })
    .click();
  await expect(status).toHaveText('CodeAct: running step 1');
  await page.getByRole('button', { name: 'Show or hide CodeAct' }).click();
  await expect(panel.node).toBeHidden();
  await status.click();
  await expect(panel.node).toBeVisible();
  await page.getByRole('menubar').getByText('Run', { exact: true }).click();
  await expect(
    page.getByRole('menuitem', { name: 'Stop the Run' })
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await notebook.writeFile('go');
  await expect(status).toHaveText('CodeAct: idle');
});

test('a cell says where it comes from, unless that is switched off', async ({
  model,
  notebook,
  page,
  panel
}) => {
  await panel.runWithoutAsking();
  await model.script([cell('print(1)'), 'Done.']);
  await panel.send('Print one');
  await panel.finished();
  const made = page.locator('.jp-CodeAct-cell');
  await expect(made).toHaveCount(1);
  const prompt = made.locator('.jp-InputPrompt');
  await prompt.hover();
  await expect(prompt).toHaveAttribute(
    'title',
    'Made by CodeAct: Print one\nStep 1, written by scripted\nRan without asking\nA click on the line shows the step'
  );
  const step = panel.node.locator('[data-view="step-1"]');
  await prompt.click();
  await expect(step).not.toBeFocused();
  await prompt.click({ position: { x: 3, y: 10 } });
  await expect(step).toBeFocused();
  await page.evaluate(async () => {
    const settings = await window.galata.getPlugin(
      '@jupyterlab/apputils-extension:settings'
    );
    for (const name of ['showProvenance', 'showPromptLine']) {
      await settings?.set('jupyter_codeact:plugin', name, false);
    }
  });
  await expect(made).toHaveCount(0);
  await expect(page.locator('.jp-CodeAct-promptLine')).toHaveCount(0);
  await expect(notebook.cells).toHaveCount(3);
});
