import { cell } from './support/endpoint';
import { textOf } from './support/notebook';
import { expect, test } from './support/test';

test('Stop interrupts the kernel, and the model is told', async ({
  begin,
  model,
  notebook,
  panel
}) => {
  await begin();
  await model.script([
    cell('import time\nprint("begun", flush=True)\ntime.sleep(600)'),
    'I will not wait that long again.'
  ]);

  await panel.send('Wait for ten minutes');
  await expect(panel.output(0)).toContainText('begun');
  await panel.stop.click();
  await expect
    .poll(() => notebook.kernelState(), { intervals: [50] })
    .toBe('idle');

  await expect(panel.end).toHaveText('Stopped by you.');
  await expect(panel.mark(0, 'Interrupted')).toBeVisible();
  await panel.finished();
  const [, stopped] = await notebook.live();
  expect(textOf(stopped)).toMatch(/^begun\n[^]*KeyboardInterrupt/);

  await panel.send('What happened?');
  await expect(panel.prose.last()).toHaveText(/not wait that long again/);
  const [, next] = await model.requests();
  expect(JSON.stringify(next.body.messages)).toMatch(/interrupted/);
});
