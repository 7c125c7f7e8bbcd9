import { cell, waitFor } from './support/endpoint';
import { sourceOf } from './support/notebook';
import { expect, test } from './support/test';

/** How often `line` stands in `text`. */
const times = (text: string, line: string) => text.split(line).length - 1;

test('edits and a restart between steps are told once, the restart pauses the run, and a chip hides the notebook', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask', ['mine = 1']);
  await notebook.run(0);
  await expect
    .poll(async () => (await notebook.own(0)).execution_count)
    .toBe(1);
  await model.script([
    cell('first = 1'),
    cell(waitFor('go')),
    'The kernel is new.',
    'I see no notebook.'
  ]);

  await panel.send('Begin');
  await expect(panel.mark(0, 'Waits for approval')).toBeVisible();
  const [begun] = await model.told();
  expect(begun).toContain('mine = 1');
  expect(begun).toContain('mine: int, 1');
  await notebook.writeFile('go');
  await panel.cards
    .first()
    .getByRole('button', { name: 'Run', exact: true })
    .click();
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await expect(panel.mark(1, 'Waits for approval')).toBeVisible();

  const cells = await notebook.live();
  const edited = cells.findIndex(each => sourceOf(each) === 'first = 1');
  const { id } = cells[edited];
  const reported = page.waitForResponse(/conversations\/.*\/changes/);
  const editor = notebook.cells.nth(edited).locator('.cm-content');
  await editor.click();
  await editor.fill('first = 2');
  expect((await reported).ok()).toBe(true);
  await page.evaluate(async path => {
    const { serviceManager } = window.jupyterapp;
    const sessions = [...serviceManager.sessions.running()];
    const session = sessions.find(each => each.path === path);
    await fetch(`/api/kernels/${session?.kernel?.id}/restart`, {
      method: 'POST',
      headers: {
        'X-XSRFToken': /_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''
      }
    });
  }, notebook.path);
  await panel.cards
    .nth(1)
    .getByRole('button', { name: 'Run', exact: true })
    .click();
  await expect(panel.end).toContainText('the run has paused');
  await panel.node.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.prose.last()).toHaveText('The kernel is new.');
  await panel.finished();
  const restarted =
    'The kernel was restarted: its variables and imports are gone';
  const changed = `The user edited cell ${id}: line 1: "first = 1" -> "first = 2"`;
  const [, , after] = await model.told();
  expect([times(after, restarted), times(after, changed)]).toEqual([1, 1]);

  const chip = panel.node.getByRole('button', {
    name: /^Show the model: work/
  });
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await chip.click();
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await panel.send('And now?');
  await expect(panel.prose.last()).toHaveText('I see no notebook.');
  const [, , , hidden] = await model.told();
  expect(hidden).toContain('And now?');
  expect(hidden).not.toContain('<notebook');
  expect([times(hidden, restarted), times(hidden, changed)]).toEqual([0, 0]);
});
