import {
  CreateDatasetCommand,
  CreateProjectCommand,
  DeleteProjectPolicyCommand,
  InvalidPolicyRevisionIdException,
  ListProjectPoliciesCommand,
  ListTagsForResourceCommand,
  MalformedPolicyDocumentException,
  PutProjectPolicyCommand,
  type PutProjectPolicyCommandInput,
  paginateListProjectPolicies,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  ServiceQuotaExceededException,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import { createProject } from '../support/emulator.js';
import { useTestEmulator } from '../support/use-emulator.js';

const UNKNOWN = 'arn:aws:rekognition:us-east-1:000000000000:project/none/1';

const test = useTestEmulator();

describe('tags', () => {
  const tagsOf = async (ResourceArn: string | undefined) =>
    (await test.client.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;

  it('tags are set when a resource is created, changed, removed, and kept over a restart', async () => {
    const { ProjectArn } = await test.client.send(
      new CreateProjectCommand({ ProjectName: 'tagged', Tags: { team: 'skin', stage: 'test' } }),
    );
    const { DatasetArn } = await test.client.send(
      new CreateDatasetCommand({ ProjectArn, DatasetType: 'TRAIN', Tags: { team: 'data' } }),
    );
    expect([await tagsOf(ProjectArn), await tagsOf(DatasetArn)]).toEqual([
      { team: 'skin', stage: 'test' },
      { team: 'data' },
    ]);
    await test.client.send(
      new TagResourceCommand({ ResourceArn: ProjectArn, Tags: { stage: 'live', cost: '7' } }),
    );
    await test.client.send(new UntagResourceCommand({ ResourceArn: ProjectArn, TagKeys: ['team', 'never'] }));
    await test.restart();
    expect(await tagsOf(ProjectArn)).toEqual({ stage: 'live', cost: '7' });
  });

  it('tags are refused for an unknown resource, and beyond 200 per resource', async () => {
    await expect(tagsOf(UNKNOWN)).rejects.toThrow(ResourceNotFoundException);
    const ResourceArn = await createProject(test.client, 'many-tags');
    const tags = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${from + n}`, 'x']));
    await test.client.send(new TagResourceCommand({ ResourceArn, Tags: tags(0, 200) }));
    await expect(
      test.client.send(new TagResourceCommand({ ResourceArn, Tags: tags(200, 1) })),
    ).rejects.toThrow(ServiceQuotaExceededException);
  });
});

describe('project policies', () => {
  const DOCUMENT = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const put = (ProjectArn: string, input: Partial<PutProjectPolicyCommandInput> = {}) =>
    test.client.send(
      new PutProjectPolicyCommand({ ProjectArn, PolicyName: 'copy', PolicyDocument: DOCUMENT, ...input }),
    );

  it('project policies are attached, changed by their current revision only, listed and deleted', async () => {
    const ProjectArn = await createProject(test.client, 'shared');
    const { PolicyRevisionId: first } = await put(ProjectArn);
    await expect(put(ProjectArn)).rejects.toThrow(ResourceAlreadyExistsException);
    const { PolicyRevisionId: second } = await put(ProjectArn, { PolicyRevisionId: first });
    await expect(put(ProjectArn, { PolicyRevisionId: first })).rejects.toThrow(
      InvalidPolicyRevisionIdException,
    );
    const listed = async () =>
      (await test.client.send(new ListProjectPoliciesCommand({ ProjectArn }))).ProjectPolicies;
    expect(await listed()).toEqual([
      expect.objectContaining({ PolicyName: 'copy', PolicyRevisionId: second, PolicyDocument: DOCUMENT }),
    ]);
    const remove = (PolicyRevisionId: string | undefined) =>
      test.client.send(new DeleteProjectPolicyCommand({ ProjectArn, PolicyName: 'copy', PolicyRevisionId }));
    await expect(remove(first)).rejects.toThrow(InvalidPolicyRevisionIdException);
    await remove(second);
    expect(await listed()).toEqual([]);
    await expect(remove(second)).rejects.toThrow(ResourceNotFoundException);
  });

  it('project policies are listed in pages of five at most', async () => {
    const ProjectArn = await createProject(test.client, 'many-policies');
    for (let n = 0; n < 7; n++) await put(ProjectArn, { PolicyName: `p${n}` });
    const pages: number[] = [];
    for await (const page of paginateListProjectPolicies({ client: test.client }, { ProjectArn })) {
      pages.push(page.ProjectPolicies?.length ?? 0);
    }
    expect(pages).toEqual([5, 2]);
  });

  it.each(['not JSON', '[]', '{"Version":"2012-10-17"}'])(
    'refuses the document %s',
    async (PolicyDocument) => {
      const ProjectArn = await createProject(test.client, `malformed-${PolicyDocument.length}`);
      await expect(put(ProjectArn, { PolicyDocument })).rejects.toThrow(MalformedPolicyDocumentException);
    },
  );
});
