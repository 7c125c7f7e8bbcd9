import { expect, test } from './support/test';

test('a draft outlives the page, with what goes along, until it is sent', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask', ['kept = 1']);
  const chip = panel.node.getByRole('button', {
    name: 'Show the model: cell#1'
  });
  await panel.composer.focus();
  await page.keyboard.type('Half a sentence about @cell');
  await page.keyboard.press('Enter');
  await expect(chip).toBeVisible();

  await page.reload();
  await notebook.open();
  await panel.open();
  await expect(panel.composer).toHaveValue('Half a sentence about @cell#1 ');
  await expect(chip).toBeVisible();

  await model.script(['Kept.']);
  await panel.composer.press('Enter');
  await expect(panel.prose.last()).toHaveText('Kept.');
  expect((await model.told())[0]).toContain('kind="cell" name="cell#1"');
  await panel.finished();
  await page.reload();
  await notebook.open();
  await panel.open();
  await expect(panel.prose.last()).toHaveText('Kept.');
  await expect(panel.composer).toHaveValue('');
  await expect(chip).toHaveCount(0);
});

test('Up brings back what was sent, and an input method keeps its Enter', async ({
  begin,
  model,
  page,
  panel
}) => {
  await begin('ask');
  await model.script(['One.', 'Two.', 'Three.']);
  for (const [text, answer] of [
    ['first', 'One.'],
    ['second\nline', 'Two.']
  ]) {
    await panel.composer.fill(text);
    await panel.composer.press('Enter');
    await expect(panel.prose.last()).toHaveText(answer);
    await panel.finished();
  }
  await page.keyboard.press('ArrowUp');
  await expect(panel.composer).toHaveValue('second\nline');
  await page.keyboard.press('ArrowUp');
  await expect(panel.composer).toHaveValue('first');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(panel.composer).toHaveValue('');

  const [shown] = page.context().pages();
  const keyboard = await page.context().newCDPSession(shown);
  const text = '\u65e5\u672c';
  await keyboard.send('Input.imeSetComposition', {
    text,
    selectionStart: 2,
    selectionEnd: 2
  });
  const enter = { key: 'Enter', windowsVirtualKeyCode: 229 };
  for (const type of ['rawKeyDown', 'keyUp'] as const) {
    await keyboard.send('Input.dispatchKeyEvent', { type, ...enter });
  }
  await keyboard.send('Input.insertText', { text });
  await expect(panel.composer).toHaveValue(text);
  expect(await model.requests()).toHaveLength(2);
  await page.keyboard.press('Enter');
  await expect(panel.prose.last()).toHaveText('Three.');
  expect((await model.told())[2]).toMatch(
    new RegExp(`<message[^>]*>\\n${text}\\n</message`)
  );
});
