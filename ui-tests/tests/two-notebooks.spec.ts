/** Two notebooks, each with its conversation, at work at the same time. */
import { cell, waitFor } from './support/endpoint';
import { Notebook, sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

test('two runs at once: cells land in their notebooks, and the panel says whose it shows', async ({
  model,
  notebook,
  page,
  panel,
  request,
  tmpPath
}, info) => {
  const other = new Notebook(page, request, `${tmpPath}/other.ipynb`);
  await notebook.write(['']);
  await other.write(['']);
  await other.open();
  await notebook.open();
  await panel.open();
  const status = page.locator('.jp-CodeAct-standing');
  const bound = panel.node.locator('.jp-CodeAct-notebook');
  const tab = (name: string) =>
    page.locator('.lm-DockPanel-tabBar').getByRole('tab', { name }).click();
  const show = (name: string) =>
    panel.node.getByRole('button', {
      name: `Show the conversation of ${name}`
    });

  await panel.runWithoutAsking();
  await model.script([
    cell(`print("one of work")\n${waitFor('work')}`),
    cell(`print("one of other")\n${waitFor('other')}`),
    cell('print("two of work")'),
    'Work is done.',
    cell('print("two of other")'),
    'Other is done.'
  ]);
  await panel.send('Work on this');
  await expect(panel.output(0)).toContainText('one of work');

  // The panel stays with the run while the user is elsewhere, and says so.
  await tab('other.ipynb');
  await expect(show('other.ipynb')).toBeVisible();
  await expect(bound).toHaveText('work.ipynb');
  await expect(panel.stop).toBeVisible();
  await page.screenshot({ path: info.outputPath('elsewhere.png') });
  await show('other.ipynb').click();
  await expect(bound).toHaveText('other.ipynb');
  await expect(panel.cards).toHaveCount(0);
  await panel.runWithoutAsking();
  await panel.send('Work on the other');
  await expect(panel.output(0)).toContainText('one of other');
  await expect(status).toHaveText('CodeAct: 2 runs');

  // Tabs are switched in mid-run, and the run that nobody looks at goes on to its end.
  await tab('work.ipynb');
  await expect(bound).toHaveText('other.ipynb');
  await expect(show('work.ipynb')).toBeVisible();
  await notebook.writeFile('work');
  await expect(status).toHaveText('CodeAct: running step 1');
  await expect(panel.cards).toHaveCount(1);
  await expect(panel.output(0)).toHaveText('one of other\n');
  await show('work.ipynb').click();
  await expect(panel.prose.last()).toHaveText('Work is done.');
  await expect(panel.cards).toHaveCount(2);
  await expect(panel.activity).toHaveCount(0);

  // From an idle conversation the panel follows the tab; the status bar leads to the run.
  await status.click();
  await expect(bound).toHaveText('other.ipynb');
  await expect(panel.stop).toBeVisible();
  await notebook.writeFile('other');
  await expect(panel.prose.last()).toHaveText('Other is done.');
  await panel.finished();
  await tab('work.ipynb');
  await expect(bound).toHaveText('work.ipynb');
  await expect(status).toHaveText('CodeAct: idle');

  for (const [name, each] of [
    ['work', notebook],
    ['other', other]
  ] as const) {
    const [, one, two, ...more] = await each.live();
    expect(more).toEqual([]);
    expect(textOf(one)).toBe(`one of ${name}\n`);
    expect(sourceOf(two)).toBe(`print("two of ${name}")`);
    expect(textOf(two)).toBe(`two of ${name}\n`);
  }
});

test('a new conversation in another tab leaves the live one to its notebook', async ({
  model,
  notebook,
  page,
  panel,
  request,
  tmpPath
}) => {
  const other = new Notebook(page, request, `${tmpPath}/other.ipynb`);
  await notebook.write(['']);
  await other.write(['']);
  await notebook.open();
  await panel.open();
  await model.script([cell('print("mine")'), 'Done.']);
  await panel.send('Wait for me');
  await expect(panel.mark(0, 'Waits for approval')).toBeVisible();
  await other.open();
  await panel.node.getByRole('button', { name: 'New conversation' }).click();
  const bound = panel.node.locator('.jp-CodeAct-notebook');
  await expect(bound).toHaveText('other.ipynb');

  const status = page.locator('.jp-CodeAct-standing');
  await expect(status).toHaveText('CodeAct: waiting for you');
  await status.click();
  await expect(bound).toHaveText('work.ipynb');
  await panel.cards.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(panel.prose.last()).toHaveText('Done.');
  await panel.finished();
});
