/** Request shapes of the emulated operations, with the patterns and sizes of the service's API model. */
import { z } from 'zod';
import { ServiceException } from '../errors.js';

const NAME = '[a-zA-Z0-9_.-]{1,255}';
const ARN = `arn:[a-z\\d-]+:rekognition:[a-z\\d-]+:\\d{12}:project/${NAME}`;
const name = z.string().regex(new RegExp(`^${NAME}$`));
const projectArn = z.string().regex(new RegExp(`^${ARN}/\\d+$`));
const versionArn = z.string().regex(new RegExp(`^${ARN}/version/${NAME}/\\d+$`));
const datasetArn = z.string().regex(new RegExp(`^${ARN}/dataset/(train|test)/\\d+$`));
const paging = { NextToken: z.string().max(1024).optional(), MaxResults: z.int().min(1).max(100).optional() };
const bucket = z.string().regex(/^[0-9A-Za-z.\-_]{3,255}$/);
/** A field that the service accepts but the emulator would ignore, so it is refused. */
const notEmulated = z.never({ error: 'not emulated' }).optional();
const s3Object = z.object({
  Bucket: bucket,
  Name: z.string().min(1).max(1024),
  Version: notEmulated,
});
const manifest = z.object({ S3Object: s3Object });
const assets = z.array(z.object({ GroundTruthManifest: manifest })).max(1);
const tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?!aws:)/),
    z.string().max(256),
  )
  .refine((map) => Object.keys(map).length <= 200);
const feature = z.enum(['CUSTOM_LABELS', 'CONTENT_MODERATION']);
const label = z.string().min(1).max(255);
/** Base64 text of at most `bytes` bytes. */
const blob = (bytes: number) =>
  z.base64().refine((text) => Buffer.byteLength(text, 'base64') <= bytes, { error: 'too large' });

export const createProject = z.object({
  ProjectName: name,
  Feature: feature.optional(),
  AutoUpdate: z.enum(['ENABLED', 'DISABLED']).optional(),
  Tags: tags.optional(),
});
export const describeProjects = z.object({
  ...paging,
  ProjectNames: z.array(name).min(1).max(10).optional(),
  Features: z.array(feature).min(1).max(2).optional(),
});
export const ofProject = z.object({ ProjectArn: projectArn });

export const createDataset = z.object({
  ProjectArn: projectArn,
  DatasetType: z.enum(['TRAIN', 'TEST']),
  DatasetSource: z
    .object({ GroundTruthManifest: manifest.optional(), DatasetArn: datasetArn.optional() })
    .refine((source) => (source.GroundTruthManifest === undefined) !== (source.DatasetArn === undefined))
    .optional(),
  Tags: tags.optional(),
});
export const ofDataset = z.object({ DatasetArn: datasetArn });
export const listDatasetEntries = z.object({
  ...paging,
  DatasetArn: datasetArn,
  ContainsLabels: z.array(label).min(1).max(10).optional(),
  Labeled: z.boolean().optional(),
  SourceRefContains: z.string().min(1).max(2048).optional(),
  HasErrors: z.boolean().optional(),
});
export const listDatasetLabels = z.object({ ...paging, DatasetArn: datasetArn });
export const updateDatasetEntries = z.object({
  DatasetArn: datasetArn,
  Changes: z.object({ GroundTruth: blob(5_242_880).min(1) }),
});
export const distributeDatasetEntries = z.object({
  Datasets: z.array(z.object({ Arn: datasetArn })).length(2),
});

export const createProjectVersion = z.object({
  ProjectArn: projectArn,
  VersionName: name,
  OutputConfig: z.object({ S3Bucket: bucket, S3KeyPrefix: z.string().max(1024).default('') }),
  TrainingData: z.object({ Assets: assets.optional() }).optional(),
  TestingData: z.object({ Assets: assets.optional(), AutoCreate: z.boolean().optional() }).optional(),
  Tags: tags.optional(),
  KmsKeyId: z.string().min(1).max(2048).optional(),
  VersionDescription: z
    .string()
    .regex(/^[a-zA-Z0-9\-_. ()':,;?]{1,255}$/)
    .optional(),
  FeatureConfig: notEmulated,
});
export const describeProjectVersions = z.object({
  ...paging,
  ProjectArn: projectArn,
  VersionNames: z.array(name).min(1).max(10).optional(),
});
export const ofVersion = z.object({ ProjectVersionArn: versionArn });
export const startProjectVersion = z
  .object({
    ProjectVersionArn: versionArn,
    MinInferenceUnits: z.int().min(1),
    MaxInferenceUnits: z.int().min(1).optional(),
  })
  .refine(({ MinInferenceUnits: min, MaxInferenceUnits: max }) => max === undefined || max >= min, {
    path: ['MaxInferenceUnits'],
  });
export const detectCustomLabels = z.object({
  ProjectVersionArn: versionArn,
  Image: z
    .object({ Bytes: z.base64().optional(), S3Object: s3Object.optional() })
    .refine((image) => (image.Bytes === undefined) !== (image.S3Object === undefined)),
  MaxResults: z.int().min(0).optional(),
  MinConfidence: z.number().min(0).max(100).optional(),
});

export type CreateProject = z.infer<typeof createProject>;
export type DescribeProjects = z.infer<typeof describeProjects>;
export type CreateDataset = z.infer<typeof createDataset>;
export type ListDatasetEntries = z.infer<typeof listDatasetEntries>;
export type ListDatasetLabels = z.infer<typeof listDatasetLabels>;
export type UpdateDatasetEntries = z.infer<typeof updateDatasetEntries>;
export type DistributeDatasetEntries = z.infer<typeof distributeDatasetEntries>;
export type CreateProjectVersion = z.infer<typeof createProjectVersion>;
export type DescribeProjectVersions = z.infer<typeof describeProjectVersions>;
export type StartProjectVersion = z.infer<typeof startProjectVersion>;
export type DetectCustomLabels = z.infer<typeof detectCustomLabels>;

export function parse<T>(schema: z.ZodType<T>, request: unknown): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ServiceException('InvalidParameterException', `${issue?.path.join('.')}: ${issue?.message}`);
}
