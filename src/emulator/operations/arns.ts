/** An account number that AWS never assigns, so an emulated ARN cannot be mistaken for a billed resource. */
const ACCOUNT = '000000000000';

export function projectArn(region: string, name: string, created: number): string {
  return `arn:aws:rekognition:${region}:${ACCOUNT}:project/${name}/${created}`;
}

/** The ARN of a resource of a project. `path` is `version/<name>`, `dataset/train` or `dataset/test`. */
export function arnWithin(project: { readonly arn: string }, path: string, created: number): string {
  return `${project.arn.slice(0, project.arn.lastIndexOf('/'))}/${path}/${created}`;
}
