/** An account of its own, so that nobody takes an ARN for one that is billed. */
const ACCOUNT = '000000000000';

export function projectArn(region: string, name: string, created: number): string {
  return `arn:aws:rekognition:${region}:${ACCOUNT}:project/${name}/${created}`;
}

/** ARN of something within a project: `version/<name>` or `dataset/train`. */
export function arnWithin(project: { readonly arn: string }, path: string, created: number): string {
  return `${project.arn.slice(0, project.arn.lastIndexOf('/'))}/${path}/${created}`;
}
