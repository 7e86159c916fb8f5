/** Request shapes of the emulated operations, with the patterns and sizes of the service's API model. */
import { z } from 'zod';
import { CONSTRAINT } from './parse.js';

const NAME = '[a-zA-Z0-9_.-]{1,255}';
const ARN = `arn:[a-z\\d-]+:rekognition:[a-z\\d-]+:\\d{12}:project/${NAME}`;
const name = z.string().regex(new RegExp(`^${NAME}$`));
const projectArn = z.string().regex(new RegExp(`^${ARN}/\\d+$`));
const versionArn = z.string().regex(new RegExp(`^${ARN}/version/${NAME}/\\d+$`));
const datasetArn = z.string().regex(new RegExp(`^${ARN}/dataset/(train|test)/\\d+$`));
const paging = { NextToken: z.string().max(1024).optional(), MaxResults: z.int().min(1).max(100).optional() };
const bucket = z.string().regex(/^[0-9A-Za-z.\-_]{3,255}$/);
/** A field that the service accepts but the emulator would ignore, so it is refused. */
const notEmulated = z
  .unknown()
  .refine((value) => value === undefined, { error: 'not emulated' })
  .optional();
const s3Object = z.object({
  Bucket: bucket,
  Name: z.string().min(1).max(1024),
  Version: z.string().min(1).max(1024).optional(),
});
const manifest = z.object({ S3Object: s3Object });
const assets = z.array(z.object({ GroundTruthManifest: manifest })).max(1);
const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
const tagValue = z
  .string()
  .max(256)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
const tags = z.record(tagKey, tagValue).refine((map) => Object.keys(map).length <= 200, {
  error: 'Member must have length less than or equal to 200',
  params: CONSTRAINT,
});
const kmsKeyId = z
  .string()
  .max(2048)
  .regex(/^[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,2048}$/);
const outputConfig = z.object({ S3Bucket: bucket, S3KeyPrefix: z.string().max(1024).default('') });
const resourceArn = z.string().min(20).max(2048);
const policyName = z.string().regex(/^[a-zA-Z0-9_.-]{1,128}$/);
const policyRevision = z.string().regex(/^[0-9A-Fa-f]{1,64}$/);
const feature = z.enum(['CUSTOM_LABELS', 'CONTENT_MODERATION']);
const label = z.string().min(1).max(255);
/** Base64 text of at most `bytes` bytes. */
const blob = (bytes: number) =>
  z.base64().refine((text) => Buffer.byteLength(text, 'base64') <= bytes, {
    error: `Member must have length less than or equal to ${bytes}`,
    params: CONSTRAINT,
  });

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
  SourceRefContains: z.string().min(1).max(2048).regex(/\S/).optional(),
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
  OutputConfig: outputConfig,
  TrainingData: z.object({ Assets: assets.optional() }).optional(),
  TestingData: z.object({ Assets: assets.optional(), AutoCreate: z.boolean().optional() }).optional(),
  Tags: tags.optional(),
  KmsKeyId: kmsKeyId.optional(),
  VersionDescription: z
    .string()
    .regex(/^[a-zA-Z0-9\-_. ()':,;?]{1,255}$/)
    .optional(),
  FeatureConfig: notEmulated,
});
export const copyProjectVersion = z.object({
  SourceProjectArn: projectArn,
  SourceProjectVersionArn: versionArn,
  DestinationProjectArn: projectArn,
  VersionName: name,
  OutputConfig: outputConfig,
  Tags: tags.optional(),
  KmsKeyId: kmsKeyId.optional(),
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

export const ofResource = z.object({ ResourceArn: resourceArn });
export const tagResource = z.object({ ResourceArn: resourceArn, Tags: tags });
export const untagResource = z.object({ ResourceArn: resourceArn, TagKeys: z.array(tagKey).max(200) });

export const putProjectPolicy = z.object({
  ProjectArn: projectArn,
  PolicyName: policyName,
  PolicyRevisionId: policyRevision.optional(),
  PolicyDocument: z
    .string()
    .max(2000)
    .regex(/^[\t\n\r\u0020-\u00FF]+$/),
});
export const listProjectPolicies = z.object({
  ProjectArn: projectArn,
  NextToken: paging.NextToken,
  MaxResults: z.int().min(1).max(5).optional(),
});
export const deleteProjectPolicy = z.object({
  ProjectArn: projectArn,
  PolicyName: policyName,
  PolicyRevisionId: policyRevision.optional(),
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
export type CopyProjectVersion = z.infer<typeof copyProjectVersion>;
export type TagResource = z.infer<typeof tagResource>;
export type UntagResource = z.infer<typeof untagResource>;
export type PutProjectPolicy = z.infer<typeof putProjectPolicy>;
export type ListProjectPolicies = z.infer<typeof listProjectPolicies>;
export type DeleteProjectPolicy = z.infer<typeof deleteProjectPolicy>;
