/** What training the encoders gives; each part is absent where the data did not allow it. */

import type { FusionSpec } from '../../shared/features/product-vector.ts';
import type { ProductLookup } from '../../shared/features/sequence.ts';
import type { Minor } from '../../shared/money.ts';
import type { Blend } from '../../shared/recommend/recommend.ts';
import type { Relation } from '../../shared/recommend/relation.ts';
import type { StatedRelation } from '../../shared/recommend/stated-relations.ts';
import type { Classifier } from '../../shared/search/classifier.ts';
import type { LexicalIndex } from '../../shared/search/lexical-index.ts';
import type { MatcherModel } from '../matching/matcher.ts';
import type { CountMemory } from '../recommend/count-memory.ts';
import type { Past } from '../recommend/past.ts';
import type { Catalogue } from './catalogue.ts';
import type { RefusedPicture } from './pictures/read-pictures.ts';
import type { PictureModel } from './pictures/train-pictures.ts';
import type { BertCheckpoint } from './teacher/teacher.ts';
import type { TokenizerFile } from './tokenizer.ts';
import type { SessionModel } from './train-session.ts';
import type { TextModel } from './train-text.ts';

export const ENCODER_PARTS = ['text', 'items', 'session', 'recommend', 'search', 'classify'] as const;
export type EncoderPart = (typeof ENCODER_PARTS)[number];

export interface EncoderModels {
  catalogue: Catalogue;
  lookup: ProductLookup;
  priceEdges: readonly Minor[];
  tokenizer?: TokenizerFile;
  text?: TextModel;
  /** What taught the text encoder, where it was fine-tuned on the shop's pairs first and is better for it. */
  tunedTeacher?: BertCheckpoint;
  /** Unit text vectors [rows * width], zeros for products without text. */
  textVectors?: Float32Array;
  /** Absent where no picture was delivered, or pictures tell nothing. */
  pictures?: PictureModel;
  /** Pictures that could not be read. */
  refusedPictures?: readonly RefusedPicture[];
  fusion: FusionSpec;
  /** Product vectors, [rows * width]: those of the session encoder, else the fused content vectors. */
  vectors: Float32Array;
  session?: SessionModel;
  recommend?: {
    next?: Relation;
    before?: Relation;
    together?: Relation | undefined;
    complements?: Relation;
    popularity: Float32Array;
    blend: Blend;
  };
  /** For the training that goes on from this release: what was counted, and visits and questions of this period. */
  remembered?: { memory: CountMemory; past: Past; sketch: number[] };
  /** What the merchant states of products and categories. */
  relations?: readonly StatedRelation[];
  search?: LexicalIndex;
  classifier?: Classifier;
  /** Tells whether two products are one. */
  matcher?: MatcherModel;
  /** Figures measured on held-out data while training, by name. */
  report: Record<string, number>;
}
