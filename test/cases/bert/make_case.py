"""Makes the golden case beside it: a tiny random BERT and what the reference implementation answers.

    pip install torch transformers safetensors && python make_case.py [FOLDER OF all-MiniLM-L6-v2]

Made with PyTorch 1.13.1 and transformers 4.30.2. The weights are random (seed 1), larger than at an usual start, so
that every layer matters; biases and gains are random too, so that a forgotten one is seen.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, BertConfig, BertModel, BertTokenizerFast

HERE = Path(__file__).parent
TEXTS = [
    "A blue mug",
    "Teapots, and 2 mugs of stoneware!",
    "mug",
    "",
    "Café unknown-word ☕ 茶壶",
]
WORDS = "a blue mug tea ##pot ##s pot and 2 of stone ##ware cafe unknown word - , ! 茶 壶 un ##known".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

vocabulary = {token: i for i, token in enumerate(SPECIAL + WORDS)}
tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", continuing_subword_prefix="##"))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
tokenizer.post_processor = processors.TemplateProcessing(
    single="[CLS] $A [SEP]",
    pair="[CLS] $A [SEP] $B:1 [SEP]:1",
    special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
)
fast = BertTokenizerFast(tokenizer_object=tokenizer)
fast.backend_tokenizer.save(str(HERE / "tokenizer.json"))

torch.manual_seed(1)
config = BertConfig(
    vocab_size=len(vocabulary),
    hidden_size=24,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=40,
    max_position_embeddings=20,
)
model = BertModel(config, add_pooling_layer=True).eval()
with torch.no_grad():
    for name, parameter in model.named_parameters():
        parameter.copy_(torch.randn_like(parameter) * 0.3 + (1 if name.endswith("LayerNorm.weight") else 0))
config.save_pretrained(HERE)
save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, HERE / "model.safetensors")

cases = []
for text in TEXTS:
    encoded = fast(text, return_tensors="pt")
    with torch.no_grad():
        states = model(**encoded).last_hidden_state[0]
    cases.append({"text": text, "ids": encoded["input_ids"][0].tolist(), "states": states.flatten().tolist()})
# What padding must not change.
padded = fast(TEXTS, return_tensors="pt", padding=True)
with torch.no_grad():
    together = model(**padded).last_hidden_state
for i, case in enumerate(cases):
    own = together[i, : len(case["ids"])].flatten()
    assert torch.allclose(own, torch.tensor(case["states"]), atol=1e-4)
(HERE / "expected.json").write_text(json.dumps(cases, ensure_ascii=False))

# A few values of a real checkpoint, whose weights are too large to keep here.
if len(sys.argv) > 1:
    minilm = AutoModel.from_pretrained(sys.argv[1]).eval()
    words = BertTokenizerFast.from_pretrained(sys.argv[1])
    rounded = lambda values: [round(x, 6) for x in values.tolist()]
    real = []
    for text in ["A man is eating food.", "HP Pavilion dv7-1211ea Notebook, 17\" — café"]:
        encoded = words(text, return_tensors="pt")
        with torch.no_grad():
            states = minilm(**encoded).last_hidden_state[0]
        vector = torch.nn.functional.normalize(states.mean(0), dim=0)
        real.append(
            {
                "text": text,
                "ids": encoded["input_ids"][0].tolist(),
                "first": rounded(states[0, :8]),
                "last": rounded(states[-1, -8:]),
                "vector": rounded(vector[:8]),
            }
        )
    (HERE / "minilm.json").write_text(json.dumps(real, ensure_ascii=False, indent=1))
