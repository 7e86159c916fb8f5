// Writes deploy/aws/curator.json, a CloudFormation template of the bucket, the queue of its events and the policies of
// docs/aws.md. With --check it fails if the file differs.
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';

const DOCUMENT = new URL('../docs/aws.md', import.meta.url);
const TEMPLATE = new URL('../deploy/aws/curator.json', import.meta.url);
/** Policies of the document that become managed policies. `setup` and `kms` belong to what the template itself does. */
const POLICIES = ['worker', 'ingest', 'viewer', 'detect', 'delete'];
/** Values of the document that stand for the reader's own. */
const EXAMPLES = [
  ['dermavision-offline', placeholder('BucketName')],
  ['us-east-1', placeholder('AWS::Region')],
  ['111122223333', placeholder('AWS::AccountId')],
];
const BUCKET_ARN = `arn:aws:s3:::${placeholder('BucketName')}`;
/** Another bucket, from which only some readers ingest. */
const OTHER_BUCKET = 'dermavision-exports';
/** Seconds in which `curator events` handles a message, and how often one is delivered before it is a dead letter. */
const VISIBILITY_SECS = 120;
const MAX_DELIVERIES = 5;
/** The longest that SQS keeps a message. */
const RETENTION_SECS = 14 * 24 * 3600;

const template = templateOf(await readFile(DOCUMENT, 'utf8'));
if (!process.argv.includes('--check'))
  await writeFile(TEMPLATE, `${JSON.stringify(template, undefined, 2)}\n`);
else if (!isDeepStrictEqual(JSON.parse(await readFile(TEMPLATE, 'utf8')), template)) {
  process.stderr.write(
    'deploy/aws/curator.json is not up to date. Run node scripts/write-cloudformation.mjs.\n',
  );
  process.exitCode = 1;
}

function templateOf(document) {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Bucket, event queue and policies of Curator. Written by scripts/write-cloudformation.mjs.',
    Parameters: {
      BucketName: { Type: 'String', Description: 'Name of the new bucket.' },
      UploadDays: {
        Type: 'Number',
        Default: 30,
        MinValue: 1,
        Description: 'Days after which S3 deletes uploaded archives. Datasets and models stay.',
      },
      PageOrigin: {
        Type: 'String',
        Default: '',
        Description:
          'Origin of the page from which people upload, such as https://curator.example. Empty for none.',
      },
    },
    Conditions: { HasPage: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'PageOrigin' }, ''] }] } },
    Resources: { ...storage(), ...events(), ...policies(document) },
    Outputs: outputs(),
  };
}

function storage() {
  const retained = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  return {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      ...retained,
      // S3 checks that it may send to the queue when it gets the notification.
      DependsOn: ['EventQueuePolicy'],
      Properties: {
        BucketName: { Ref: 'BucketName' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: lifecycleRules() },
        CorsConfiguration: { 'Fn::If': ['HasPage', { CorsRules: [uploads()] }, { Ref: 'AWS::NoValue' }] },
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Queue: { 'Fn::GetAtt': ['EventQueue', 'Arn'] },
              Filter: { S3Key: { Rules: [rule('prefix', 'landing/'), rule('suffix', '.zip')] } },
            },
          ],
        },
      },
    },
    BucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      ...retained,
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: policy({
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [sub(BUCKET_ARN), sub(`${BUCKET_ARN}/*`)],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      },
    },
  };
}

function lifecycleRules() {
  return [
    {
      Id: 'uploads',
      Status: 'Enabled',
      Prefix: 'landing/',
      ExpirationInDays: { Ref: 'UploadDays' },
    },
    {
      Id: 'remains',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      ExpiredObjectDeleteMarker: true,
    },
  ];
}

/** What `curator bucket setup --origin` allows. */
function uploads() {
  return {
    AllowedOrigins: [{ Ref: 'PageOrigin' }],
    AllowedMethods: ['PUT'],
    AllowedHeaders: ['content-type'],
    ExposedHeaders: ['ETag'],
    MaxAge: 600,
  };
}

function events() {
  return {
    DeadLetters: {
      Type: 'AWS::SQS::Queue',
      Properties: { MessageRetentionPeriod: RETENTION_SECS, SqsManagedSseEnabled: true },
    },
    EventQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: VISIBILITY_SECS,
        MessageRetentionPeriod: RETENTION_SECS,
        SqsManagedSseEnabled: true,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
          maxReceiveCount: MAX_DELIVERIES,
        },
      },
    },
    EventQueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'EventQueue' }],
        PolicyDocument: policy({
          Sid: 'BucketEvents',
          Effect: 'Allow',
          Principal: { Service: 's3.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: { 'Fn::GetAtt': ['EventQueue', 'Arn'] },
          Condition: {
            ArnEquals: { 'aws:SourceArn': sub(BUCKET_ARN) },
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          },
        }),
      },
    },
  };
}

function policies(document) {
  const ofCommands = POLICIES.map((name) => {
    const { Statement } = JSON.parse(document.split(`\`\`\`json ${name}\n`)[1].split('```')[0]);
    const own = Statement.filter(({ Resource }) => !Resource.includes(OTHER_BUCKET));
    const statements = own.map((one) => ({ ...one, Resource: readersOwn(one.Resource) }));
    return [policyName(name), managedPolicy(name, ...statements)];
  });
  const queue = {
    Sid: 'Queue',
    Effect: 'Allow',
    Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    Resource: { 'Fn::GetAtt': ['EventQueue', 'Arn'] },
  };
  return { ...Object.fromEntries(ofCommands), EventsPolicy: managedPolicy('events', queue) };
}

function managedPolicy(name, ...statements) {
  const Description = `Policy "${name}" of docs/aws.md.`;
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Description, PolicyDocument: policy(...statements) },
  };
}

function outputs() {
  const policyArns = [...POLICIES, 'events'].map((name) => [
    policyName(name),
    { Description: `ARN of the policy "${name}".`, Value: { Ref: policyName(name) } },
  ]);
  return {
    Bucket: { Description: 'Value of BUCKET.', Value: { Ref: 'Bucket' } },
    EventQueueUrl: { Description: 'Value of curator events --queue.', Value: { Ref: 'EventQueue' } },
    DeadLettersUrl: {
      Description: 'Queue of events that could not be read.',
      Value: { Ref: 'DeadLetters' },
    },
    ...Object.fromEntries(policyArns),
  };
}

function readersOwn(resource) {
  const text = EXAMPLES.reduce((all, [example, own]) => all.replaceAll(example, own), resource);
  return text === resource ? resource : sub(text);
}

function sub(text) {
  return { 'Fn::Sub': text };
}

/** What `Fn::Sub` replaces. */
function placeholder(name) {
  return `\${${name}}`;
}

function rule(Name, Value) {
  return { Name, Value };
}

function policy(...Statement) {
  return { Version: '2012-10-17', Statement };
}

function policyName(name) {
  return `${name[0].toUpperCase()}${name.slice(1)}Policy`;
}
