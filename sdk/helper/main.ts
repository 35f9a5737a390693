/** The helper's file: ranking, search, ONNX Runtime and plain JavaScript, for the worker that starts it. */

import { expose } from 'comlink';
import { serveFile } from '../serve-file.ts';
import { Assistant } from './assistant.ts';

serveFile('promo-edge-helper', () => new Assistant(), expose);
