/** A chain finds what resources contain as soon as the first one contains something, and no longer than the last one does. */
import { expect, it } from 'vitest';
import { onEachServer } from '../support/each-server.ts';

onEachServer('a chain to contained resources', (start) => {
  it('is answered by what is there now, whatever was there when it was last asked', async () => {
    const { request } = await start();
    const found = async () => {
      const { body } = await request('GET', 'Observation?subject:Patient.family=Nordmann');
      return ((body.entry ?? []) as readonly { readonly resource: { readonly id: string } }[]).map(({ resource }) => resource.id).sort();
    };
    const observation = (id: string, more: object) => {
      const code = { text: 'what matters' };
      return request('PUT', `Observation/${id}`, { resourceType: 'Observation', id, status: 'final', code, ...more });
    };
    const containing = {
      contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Nordmann' }] }],
      subject: { reference: '#p' },
    };
    await request('PUT', 'Patient/p1', { resourceType: 'Patient', id: 'p1', name: [{ family: 'Nordmann' }] });
    await observation('o1', { subject: { reference: 'Patient/p1' } });
    expect(await found()).toEqual(['o1']);
    expect((await observation('o2', containing)).status).toBe(201);
    for (let times = 0; times < 3; times += 1) expect(await found()).toEqual(['o1', 'o2']);
    await request('DELETE', 'Observation/o2');
    for (let times = 0; times < 3; times += 1) expect(await found()).toEqual(['o1']);
  });

  it('is found by a conditional write', async () => {
    const { request } = await start();
    const code = { text: 'what matters' };
    const write = () =>
      request(
        'POST',
        'Observation',
        {
          resourceType: 'Observation',
          status: 'final',
          code,
          contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Hansen' }] }],
          subject: { reference: '#p' },
        },
        {
          'If-None-Exist': 'subject:Patient.family=Hansen',
        },
      );
    expect([(await write()).status, (await write()).status, (await write()).status]).toEqual([201, 200, 200]);
  });
});
