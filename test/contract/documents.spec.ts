import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json';
import Ajv from 'ajv';
import { asyncApi } from '../../src/contract/asyncapi';
import type { Call } from '../../src/contract/call';
import { CALLS } from '../../src/contract/calls';
import { ASKED, TOLD } from '../../src/contract/events';
import { httpRoutes, socketEvents } from '../integration/edge/door-list';

describe('the contract', () => {
  it('has every call that the service answers, and no other', () => {
    const said = Object.values<Call>(CALLS).map(
      ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
    );
    const served = httpRoutes().map(({ method, path }) => `${method} ${path}`);
    // For monitoring: another format, by another token, or on another port.
    expect([...said, 'GET /metrics'].sort()).toEqual(served.sort());
  });

  it('has every event that the service takes, and no other', () => {
    expect(Object.keys(ASKED).sort()).toEqual(socketEvents().sort());
  });

  it('makes a document of the events that AsyncAPI takes for one, with a message for each of them', () => {
    const document = asyncApi() as { components: { messages: Record<string, { name: string }> } };
    const check = new Ajv({ strict: false, validateFormats: false }).compile(asyncApiSchema);
    check(document);
    expect(check.errors ?? []).toEqual([]);
    const named = Object.values(document.components.messages).map(({ name }) => name);
    expect(new Set(named)).toEqual(new Set([...Object.keys(ASKED), ...Object.keys(TOLD)]));
    const references = JSON.stringify(document).match(/(?<="\$ref":"#\/)[^"]+/g) ?? [];
    const missing = references.filter((path) => !follow(document, path.split('/')));
    expect(missing).toEqual([]);
  });
});

function follow(from: unknown, path: string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], from);
}
