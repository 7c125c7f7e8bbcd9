import { act, fireEvent, render, screen, within } from '@testing-library/react';
import * as React from 'react';

import { Body } from '../body';
import type { IServices } from '../services';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, drawAtOnce, services } from './doubles';

let copilot: Copilot;
let given: IServices;
let conversation: Conversation;

const settled = () => act(async () => undefined);
const button = (name: string) => screen.getByRole('button', { name });
const region = () =>
  screen.queryByRole('region', { name: 'Queued messages' }) ??
  document.createElement('div');
const editor = () =>
  screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Queued message' });
const composer = () =>
  screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });

async function click(name: string): Promise<void> {
  fireEvent.click(button(name));
  await settled();
}

function revised(message_id: string, text: string, withdrawn = false): void {
  const kind = 'message_revised';
  conversation.add({ kind, message_id, revision_id: 'r', text, withdrawn });
}

beforeAll(drawAtOnce);

beforeEach(async () => {
  copilot = new Copilot();
  given = services(copilot);
  conversation = new Conversation().begin('look').doing('running_cell');
  conversation.say('use Region', 'm1');
  conversation.say('draw\nit', 'm2');
  copilot.current = conversation;
  render(
    <ServicesProvider value={given}>
      <Body />
    </ServicesProvider>
  );
  await settled();
});

describe('the queue', () => {
  it('holds what waits, which stands nowhere else', async () => {
    const items = within(region()).getAllByRole('listitem');
    expect(items.map(item => item.textContent)).toEqual([
      'use Region',
      'draw\nit'
    ]);
    const log = screen.getByRole('log');
    expect(log.textContent).toContain('look');
    expect(log.textContent).not.toContain('use Region');
    expect(screen.getByText('Will be told at the next step')).toBeTruthy();
  });

  it('lets go of what a request told, before the reply comes', async () => {
    act(() => void conversation.doing('waiting_for_model', '', 4));
    await settled();
    expect(region().textContent).not.toContain('use Region');
    expect(region().textContent).toContain('draw');
    expect(screen.getByRole('log').textContent).toContain('use Region');
    act(() => void conversation.reply(1, 'So.').doing('waiting_for_kernel'));
    await settled();
    expect(region().textContent).toBe('');
    expect(screen.getByRole('log').textContent).toContain('draw\nit');
  });

  it('is empty once the run has ended', async () => {
    act(() => void conversation.end('stopped').doing('idle'));
    await settled();
    expect(region().textContent).toBe('');
    expect(screen.getByRole('log').textContent).toContain('use Region');
  });

  it('changes a message on Enter', async () => {
    await click('Edit "use Region"');
    expect(document.activeElement).toBe(editor());
    fireEvent.change(editor(), { target: { value: 'use City ' } });
    fireEvent.keyDown(editor(), { key: 'Enter', shiftKey: true });
    fireEvent.keyDown(editor(), { key: 'Enter', isComposing: true });
    expect(conversation.asked).toEqual([]);
    fireEvent.keyDown(editor(), { key: 'Enter' });
    await settled();
    expect(conversation.asked).toEqual([['revise', 'm1', 'use City']]);
    act(() => revised('m1', 'use City'));
    await settled();
    expect(region().textContent).toContain('use City');
  });

  it('leaves a message as it was on Escape, and without a change', async () => {
    await click('Edit "use Region"');
    fireEvent.change(editor(), { target: { value: 'use City' } });
    fireEvent.keyDown(editor(), { key: 'Escape' });
    await click('Edit "use Region"');
    expect(editor().value).toBe('use Region');
    await click('Save');
    expect(conversation.asked).toEqual([]);
  });

  it('takes a message back', async () => {
    await click('Take back "draw"');
    expect(conversation.asked).toEqual([['withdraw', 'm2']]);
    act(() => revised('m2', '', true));
    await settled();
    expect(region().textContent).not.toContain('draw');
    expect(screen.getByRole('log').textContent).not.toContain('draw');
  });

  it('loses no change that came too late', async () => {
    given.panel.draft = 'and';
    await click('Edit "use Region"');
    fireEvent.change(editor(), { target: { value: 'use City' } });
    act(() => void conversation.doing('waiting_for_model', '', 5));
    await settled();
    expect(composer().value).toBe('and\n\nuse City');
    expect(screen.getByText(/^Your change came too late/)).toBeTruthy();
    expect(conversation.asked).toEqual([]);
  });

  it('loses no change that the server refused', async () => {
    conversation.refusal = 'That message does not wait any more.';
    await click('Edit "use Region"');
    fireEvent.change(editor(), { target: { value: 'use City' } });
    await click('Save');
    expect(screen.getByRole('alert').textContent).toBe(conversation.refusal);
    expect(composer().value).toBe('use City');
  });
});
