import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

/** The dataset of an ingest run. */
export const DATASET_ATTRIBUTE = defineSearchAttributeKey('CuratorDataset', SearchAttributeType.KEYWORD);

/** The stage of an ingest run, or its outcome once it has ended. */
export const STAGE_ATTRIBUTE = defineSearchAttributeKey('CuratorStage', SearchAttributeType.KEYWORD);

/** Names of the search attributes, all of type Keyword. They are optional: without them runs work but cannot be searched. */
export const SEARCH_ATTRIBUTES = [DATASET_ATTRIBUTE.name, STAGE_ATTRIBUTE.name] as const;
