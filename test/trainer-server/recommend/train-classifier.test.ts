import { describe, expect, it } from 'vitest';
import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import { classifierTensors, classify, readClassifier } from '../../../shared/search/classifier.ts';
import { readTensorMetadata, readTensors, writeTensors } from '../../../shared/tensors.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { CLASSIFIER_OPTIONS, trainClassifier } from '../../../trainer-server/recommend/train-classifier.ts';

const options = () => ({
  random: seeded('classifier'),
  progress: SILENT,
  deadline: () => Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
});

/** Titles of three words; the word that tells the category is the right one with chance `clear`. */
function shop(count: number, clear: number): Product[] {
  const random = seeded('shop');
  const words = ['teapot', 'hammer', 'scarf', '耳机'];
  return Array.from({ length: count }, (_, i) => {
    const own = random.int(words.length);
    const told = random.next() < clear ? own : random.int(words.length);
    return {
      sku: `${i}`,
      title: `model ${random.int(50)} ${words[told]!}`,
      category: ['All', `C${own}`],
    };
  });
}

const accuracy = (products: readonly Product[], trained: ReturnType<typeof trainClassifier>): number =>
  products.filter(
    ({ title, category }) => classify(trained!.classifier, title)!.category === category.join(' > '),
  ).length / products.length;

describe('trainClassifier', () => {
  it('tells the category by the word that tells it', () => {
    const products = shop(400, 1);
    expect(accuracy(products.slice(300), trainClassifier(products.slice(0, 300), options()))).toBe(1);
  });

  it('is as sure as it is right', () => {
    // The word is right with chance 0.6 + 0.4 / 4 = 0.7.
    const products = shop(1500, 0.6);
    const trained = trainClassifier(products.slice(0, 1000), options());
    const tested = products.slice(1000);
    const sure = tested.reduce((sum, { title }) => sum + classify(trained!.classifier, title)!.confidence, 0);
    expect(accuracy(tested, trained)).toBeGreaterThan(0.6);
    expect(Math.abs(sure / tested.length - accuracy(tested, trained))).toBeLessThan(0.08);
  });

  it('knows a word by its letters where it never saw the word', () => {
    const trained = trainClassifier(shop(200, 1), options());
    expect(classify(trained!.classifier, 'hammers')!.category).toBe('All > C1');
    expect(classify(trained!.classifier, '蓝牙耳机')!.category).toBe('All > C3');
  });

  it('learns words that no labelled product has from products without a category', () => {
    const told = [...shop(8, 1)].map((product, i) => ({ ...product, title: ['teapot', 'hammer'][i % 2]! }));
    const labelled = told.map((product, i) => ({ ...product, category: [`C${i % 2}`] }));
    const untold = [...Array(200).keys()].map((i) => ({
      sku: `u${i}`,
      title: i % 2 === 0 ? 'teapot oolong' : 'hammer anvil',
      category: [],
    }));
    const sure = (products: Product[], title: string) =>
      classify(trainClassifier(products, options())!.classifier, title)!;
    expect(sure([...labelled, ...untold], 'oolong').category).toBe('C0');
    expect(sure([...labelled, ...untold], 'anvil').category).toBe('C1');
    expect(sure(labelled, 'oolong').confidence).toBeLessThan(0.6);
    expect(sure([...labelled, ...untold], 'oolong').confidence).toBeGreaterThan(0.6);
  });

  it('learns from as many products as time allows, and from the least of them at once', () => {
    const products = shop(400, 1);
    const settings = { ...CLASSIFIER_OPTIONS, least: 100 };
    const late = { ...options(), deadline: () => 0 };
    const trained = trainClassifier(products.slice(0, 300), late, settings)!;
    expect(trained.report.examples).toBe(100);
    expect(accuracy(products.slice(300), trained)).toBeGreaterThan(0.9);
  });

  it('comes back from its file as it was', () => {
    const { classifier } = trainClassifier(shop(100, 1), options())!;
    const { tensors, metadata } = classifierTensors(classifier);
    const bytes = writeTensors(tensors, metadata);
    const back = readClassifier(readTensors(bytes), readTensorMetadata(bytes));
    expect(back.classes).toEqual(classifier.classes);
    expect(classify(back, 'teapot')).toEqual(classify(classifier, 'teapot'));
    expect(() => readClassifier(readTensors(bytes), { classes: '["one"]' })).toThrow(/weights/);
    expect(() => readClassifier(readTensors(bytes), {})).toThrow(/classes/);
  });

  it('is as sure of the only category as the catalogue is long and the text is familiar', () => {
    const mugs = (count: number) =>
      trainClassifier(
        Array.from({ length: count }, (_, i) => ({ sku: `${i}`, title: 'blue mug', category: ['A'] })),
        options(),
      )!.classifier;
    const sure = (count: number, title: string) => classify(mugs(count), title)!.confidence;
    // Krichevsky-Trofimov: (n + 1/2) / (n + 1).
    expect(sure(1, 'blue mug')).toBeCloseTo(0.75, 5);
    expect(sure(99, 'blue mug')).toBeCloseTo(0.995, 5);
    // A chance collision of hashed letter groups apart, nothing of it is known.
    expect(sure(99, 'laptop')).toBeLessThan(0.2);
    expect(sure(99, 'mug laptop')).toBeGreaterThan(sure(99, 'laptop'));
    expect(sure(99, 'mug laptop')).toBeLessThan(0.9);
    expect(classify(mugs(1), 'laptop')!.category).toBe('A');
  });

  it('is no less sure of a text as familiar as the products of its only category are to each other', () => {
    const products = shop(400, 1).map((product) => ({ ...product, category: ['A'] }));
    const { classifier } = trainClassifier(products.slice(0, 300), options())!;
    const told = products.slice(300).map(({ title }) => classify(classifier, title)!.confidence);
    expect(told.reduce((sum, x) => sum + x, 0) / told.length).toBeGreaterThan(0.95);
  });

  it('is left out where no product has both text and category', () => {
    expect(trainClassifier([{ sku: '1', title: '', category: ['A'] }], options())).toBeUndefined();
    expect(trainClassifier([{ sku: '1', title: 'mug', category: [] }], options())).toBeUndefined();
  });
});
