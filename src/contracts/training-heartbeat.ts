import { z } from 'zod';

/** Heartbeat details of the activity `awaitTraining`; the client reads them from the pending activity. */
export const trainingHeartbeatSchema = z.object({
  projectVersionArn: z.string(),
  /** The service's status at the last poll, for example `TRAINING_IN_PROGRESS`; `UNKNOWN` before the first. */
  status: z.string(),
  /** Seconds since the service's CreationTimestamp. */
  elapsedSecs: z.number(),
  /** Why the last poll failed, and the time of the next one in ISO 8601. Absent if it succeeded. */
  problem: z.object({ reason: z.string(), nextAttempt: z.string() }).exactOptional(),
});
export type TrainingHeartbeat = Readonly<z.infer<typeof trainingHeartbeatSchema>>;
