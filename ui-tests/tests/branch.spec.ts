import { cell } from './support/endpoint';
import { sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

test('an earlier message is edited in a branch, and the cells of the old one stay as they are', async ({
  begin,
  model,
  notebook,
  page,
  panel
}, info) => {
  await begin();
  const { node } = panel;
  const messages = node.locator('.jp-CodeAct-message');
  const shown = async () =>
    (await notebook.live())
      .slice(1)
      .map(each => [sourceOf(each), textOf(each)]);

  await model.script([cell('x = 1'), 'x is 1.', cell('x = 2 * x'), 'x is 2.']);
  await panel.send('Begin');
  await panel.finished();
  await panel.send('Double it');
  await expect(panel.prose.last()).toHaveText('x is 2.');
  await panel.finished();
  const before = [
    ['x = 1', ''],
    ['x = 2 * x', '']
  ];
  await expect.poll(shown).toEqual(before);
  const marks = async () =>
    (await notebook.live())
      .slice(1)
      .map(each => JSON.stringify((each as { metadata?: unknown }).metadata));
  const marked = await marks();

  await messages.last().hover();
  await node.getByRole('button', { name: 'Edit and branch' }).last().click();
  await expect(panel.composer).toHaveValue('Double it');
  await expect(panel.composer).toBeFocused();
  await expect(messages).toHaveText([/Begin/]);
  await expect(node.getByRole('note')).toContainText('Branched from Begin');
  await panel.shoot(info, 'branch');
  expect(await shown()).toEqual(before);

  await panel.runWithoutAsking();
  await model.script([cell('print(3 * x)'), 'Trebled.']);
  await panel.send('Treble it');
  await expect(panel.prose.last()).toHaveText('Trebled.');
  await panel.finished();
  // The kernel is as the old branch left it, and the model was told.
  await expect.poll(shown).toEqual([...before, ['print(3 * x)', '6\n']]);
  expect((await marks()).slice(0, 2)).toEqual(marked);
  const [first] = await model.requests();
  const told = JSON.stringify(first.body.messages);
  expect(told).toContain('The user went back to this point');
  expect(told).not.toContain('Double it');

  // Both are there after a reload, and projected once.
  await page.reload();
  await notebook.open();
  await panel.open();
  await expect(messages).toHaveText([/Begin/, /Treble it/]);
  await expect.poll(shown).toEqual([...before, ['print(3 * x)', '6\n']]);
  await node.getByRole('note').getByRole('button', { name: 'Begin' }).click();
  await expect(messages).toHaveText([/Begin/, /Double it/]);
  await expect(node.getByRole('note')).toHaveCount(0);
  expect(await shown()).toEqual([...before, ['print(3 * x)', '6\n']]);
});
