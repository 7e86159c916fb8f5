/** Request shapes of the emulated operations, with the patterns and sizes of the service's API model. */
import { z } from 'zod';
import { ServiceException } from './errors.js';

const name = z.string().regex(/^[a-zA-Z0-9_.-]{1,255}$/);
const projectArn = z
  .string()
  .regex(/^arn:[a-z\d-]+:rekognition:[a-z\d-]+:\d{12}:project\/[a-zA-Z0-9_.-]{1,255}\/\d+$/);
const versionArn = z
  .string()
  .regex(
    /^arn:[a-z\d-]+:rekognition:[a-z\d-]+:\d{12}:project\/[a-zA-Z0-9_.-]{1,255}\/version\/[a-zA-Z0-9_.-]{1,255}\/\d+$/,
  );
const paging = { NextToken: z.string().max(1024).optional(), MaxResults: z.int().min(1).max(100).optional() };
const bucket = z.string().regex(/^[0-9A-Za-z.\-_]{3,255}$/);
const s3Object = z.object({ Bucket: bucket, Name: z.string().min(1).max(1024) });
const assets = z.array(z.object({ GroundTruthManifest: z.object({ S3Object: s3Object }) })).max(1);

export const createProject = z.object({ ProjectName: name });
export const describeProjects = z.object({
  ...paging,
  ProjectNames: z.array(name).min(1).max(10).optional(),
});
export const deleteProject = z.object({ ProjectArn: projectArn });
export const createProjectVersion = z.object({
  ProjectArn: projectArn,
  VersionName: name,
  OutputConfig: z.object({ S3Bucket: bucket, S3KeyPrefix: z.string().max(1024).default('') }),
  TrainingData: z.object({ Assets: assets.optional() }).optional(),
  TestingData: z.object({ Assets: assets.optional(), AutoCreate: z.boolean().optional() }).optional(),
});
export const describeProjectVersions = z.object({
  ...paging,
  ProjectArn: projectArn,
  VersionNames: z.array(name).min(1).max(10).optional(),
});
export const deleteProjectVersion = z.object({ ProjectVersionArn: versionArn });

export type CreateProject = z.infer<typeof createProject>;
export type DescribeProjects = z.infer<typeof describeProjects>;
export type DeleteProject = z.infer<typeof deleteProject>;
export type CreateProjectVersion = z.infer<typeof createProjectVersion>;
export type DescribeProjectVersions = z.infer<typeof describeProjectVersions>;
export type DeleteProjectVersion = z.infer<typeof deleteProjectVersion>;

export function parse<T>(schema: z.ZodType<T>, request: unknown): T {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ServiceException('InvalidParameterException', `${issue?.path.join('.')}: ${issue?.message}`);
}
