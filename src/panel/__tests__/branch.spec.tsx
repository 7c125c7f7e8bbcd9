import { act, fireEvent, render, screen } from '@testing-library/react';
import * as React from 'react';

import { Body } from '../body';
import type { IServices } from '../services';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, drawAtOnce, services } from './doubles';

let copilot: Copilot;
let given: IServices;

const settled = () => act(async () => undefined);
const button = (name: string | RegExp) =>
  screen.getByRole<HTMLButtonElement>('button', { name });

async function show(conversation: Conversation): Promise<void> {
  copilot.current = conversation;
  render(
    <ServicesProvider value={given}>
      <Body />
    </ServicesProvider>
  );
  await settled();
}

beforeAll(drawAtOnce);

beforeEach(() => {
  copilot = new Copilot();
  given = services(copilot);
});

describe('a message of the user', () => {
  it('is edited in a branch, where the draft is not lost', async () => {
    await show(
      new Conversation()
        .begin('draw it')
        .step(1, 'x')
        .end('answered')
        .doing('idle')
    );
    given.panel.draft = 'begun';
    fireEvent.click(button('Edit and branch'));
    await settled();
    expect(copilot.calls('branch')).toEqual([['branch', 'c1', 2]]);
    const box = screen.getByRole<HTMLTextAreaElement>('textbox');
    expect(box.value).toBe('begun\n\ndraw it');
    expect(document.activeElement).toBe(box);
  });

  it('cannot be edited while a run is live, and says so', async () => {
    const conversation = new Conversation().begin().doing('running_cell');
    await show(conversation);
    expect(button('Edit and branch').disabled).toBe(true);
    expect(button('Edit and branch').title).toContain('stop the run first');
    act(() => void conversation.step(1, 'x').end('stopped').doing('idle'));
    await settled();
    expect(button('Edit and branch').disabled).toBe(false);
  });

  it('stays as it is, with words, where no branch can be made', async () => {
    await show(new Conversation().begin().end('answered').doing('idle'));
    copilot.failure = 'The disk is full.';
    fireEvent.click(button('Edit and branch'));
    await settled();
    expect(screen.getByRole('alert').textContent).toBe('The disk is full.');
    expect(given.panel.draft).toBe('');
  });
});

describe('a branch', () => {
  it('says where it comes from and what did not branch with it', async () => {
    await show(
      new Conversation({
        conversation_id: 'c0',
        seq: 9,
        title: 'late\u202e deliveries',
        through_seq: 1
      })
    );
    const note = screen.getByRole('note');
    expect(note.textContent).toContain('The kernel and the notebook were not');
    fireEvent.click(button('late\\u202e deliveries'));
    await settled();
    expect(copilot.calls('open')).toEqual([['open', 'c0']]);
    copilot.failure = 'There is no conversation c0.';
    fireEvent.click(button('late\\u202e deliveries'));
    await settled();
    expect(screen.getByRole('alert').textContent).toBe(copilot.failure);
  });
});
