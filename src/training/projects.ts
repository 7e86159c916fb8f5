import {
  CreateProjectCommand,
  DescribeProjectsCommand,
  type ProjectDescription,
  type RekognitionClient,
  ResourceInUseException,
} from '@aws-sdk/client-rekognition';
import { trainerError } from './errors.js';

/** A Rekognition project of a dataset. */
export interface DatasetProject {
  readonly name: string;
  readonly arn: string;
  /** Whether the project has datasets. Rekognition then refuses to train from manifests in it. */
  readonly hasDatasets: boolean;
}

/** The project that the next training of a dataset uses. */
export interface TrainingProject {
  readonly name: string;
  /** Null if the project has to be created. */
  readonly arn: string | null;
  /** Names of the dataset's earlier projects. All of them have datasets. */
  readonly withDatasets: readonly string[];
}

/** Maximum number of names in a DescribeProjects request. */
const MAX_NAMES = 10;
const NUMBERED = /-P(?:[2-9]|[1-9]\d+)$/;

/**
 * The name of a dataset's project: the dataset's name, then `<dataset>-P2`, `<dataset>-P3` and so on. Names of datasets
 * have no capital letters, so no other dataset can have a project of that name.
 * @param number from 1
 */
export function projectName(dataset: string, number: number): string {
  return number === 1 ? dataset : `${dataset}-P${number}`;
}

/** The name of the dataset that a project belongs to. */
export function datasetOfProject(name: string): string {
  return name.replace(NUMBERED, '');
}

const VERSION_ARN = /^arn:[^:]+:rekognition:[^:]+:\d{12}:project\/([^/]+)\/version\/([^/]+)\/\d+$/;

/** The names in the ARN of a model version; undefined if the text is not such an ARN. */
export function parseVersionArn(arn: string): { project: string; modelVersion: string } | undefined {
  const [, project, modelVersion] = VERSION_ARN.exec(arn) ?? [];
  return project && modelVersion ? { project, modelVersion } : undefined;
}

/**
 * The existing projects of a dataset, in the order of their numbers.
 * @throws TrainingError
 */
export async function projectsOf(client: RekognitionClient, dataset: string): Promise<DatasetProject[]> {
  const found: DatasetProject[] = [];
  for (let first = 1; ; first += MAX_NAMES) {
    const names = Array.from({ length: MAX_NAMES }, (_, index) => projectName(dataset, first + index));
    const projects = await describeProjects(client, names);
    found.push(...names.flatMap((name) => projects.get(name) ?? []));
    if (projects.size < MAX_NAMES) return found;
  }
}

/** Chooses the first project, by number, that has no datasets; it may not exist yet. */
export function trainingProject(dataset: string, projects: readonly DatasetProject[]): TrainingProject {
  const known = new Map(projects.map((project) => [project.name, project]));
  const withDatasets: string[] = [];
  for (let number = 1; ; number++) {
    const name = projectName(dataset, number);
    const project = known.get(name);
    if (!project?.hasDatasets) return { name, arn: project?.arn ?? null, withDatasets };
    withDatasets.push(name);
  }
}

/**
 * Creates a project.
 * @returns its ARN; undefined if another client has created it in the meantime
 * @throws TrainingError
 */
export async function createProject(
  client: RekognitionClient,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  // The permission to tag is needed only for a request with tags.
  const tagged = Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
  try {
    const { ProjectArn } = await client.send(new CreateProjectCommand({ ProjectName: name, ...tagged }));
    return ProjectArn;
  } catch (error) {
    if (error instanceof ResourceInUseException) return undefined;
    throw trainerError(error, `create the project ${name}`);
  }
}

/** The ARN of the project of this name; undefined if it does not exist. */
export async function findProject(client: RekognitionClient, name: string): Promise<string | undefined> {
  return (await describeProjects(client, [name])).get(name)?.arn;
}

async function describeProjects(
  client: RekognitionClient,
  names: readonly string[],
): Promise<Map<string, DatasetProject>> {
  try {
    const { ProjectDescriptions: projects = [] } = await client.send(
      new DescribeProjectsCommand({ ProjectNames: [...names] }),
    );
    return new Map(projects.flatMap(toEntry));
  } catch (error) {
    throw trainerError(error, 'list projects');
  }
}

function toEntry({ ProjectArn: arn, Datasets = [] }: ProjectDescription): [string, DatasetProject][] {
  const name = arn?.split('/')[1];
  return arn && name ? [[name, { name, arn, hasDatasets: Datasets.length > 0 }]] : [];
}
