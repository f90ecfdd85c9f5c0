"""Small models of commonly merged families, for write_model_fixtures.py and scripts/check-models.

A configuration is the default of its class, scaled down by the rules of small_models.py and the entry here.
Every text stack has at least four layers, so that slices and lists of layer types make sense.
"""

import re

import torch
import transformers

from small_models import Shrink, overlay

# The number of layers of a text stack, and of a vision or audio tower.
TEXT, TOWER = 4, 2

SLIDING, CHUNKED, FULL, LINEAR = "sliding_attention", "chunked_attention", "full_attention", "linear_attention"
HYBRID = [LINEAR, LINEAR, LINEAR, FULL]
DENSE_FIRST = ["dense"] + ["sparse"] * (TEXT - 1)

SEES = {"depth": TOWER, "num_heads": 4, "hidden_size": 32, "intermediate_size": 48, "out_hidden_size": 32,
        "num_position_embeddings": 16, "patch_size": 4}

# By family: the class, changes to its default configuration, and keys of config.json files on the hub
# that the class does not read.
FAMILIES = {
    "llama": ("LlamaForCausalLM", {}),
    "phi3": ("Phi3ForCausalLM", {"pad_token_id": 0, "sliding_window": None}),
    "qwen3": ("Qwen3ForCausalLM", {"tie_word_embeddings": True}),
    "mistral3": ("Mistral3ForConditionalGeneration", {"image_token_index": 10, "text_config": {"model_type": "mistral"},
        "vision_config": {"num_hidden_layers": TOWER}}),
    "gemma3": ("Gemma3ForConditionalGeneration", {
        "mm_tokens_per_image": 4,
        "text_config": {"num_hidden_layers": 6, "layer_types": [SLIDING] * 5 + [FULL]},
        "vision_config": {"num_hidden_layers": TOWER}}),
    "gemma4": ("Gemma4ForConditionalGeneration", {
        "text_config": {"num_hidden_layers": 6, "layer_types": [SLIDING, SLIDING, FULL] * 2, "num_kv_shared_layers": 2,
                        "per_layer_config": None, "global_head_dim": 16, "vocab_size_per_layer_input": 96,
                        "hidden_size_per_layer_input": 16},
        "vision_config": {"model_type": "gemma4_vision", "num_hidden_layers": TOWER, "hidden_size": 32,
                          "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 4, "head_dim": 8,
                          "global_head_dim": 8, "patch_size": 4, "position_embedding_size": 64}}),
    "gemma4_moe": ("Gemma4ForConditionalGeneration", {
        "text_config": {"num_hidden_layers": 4, "layer_types": [SLIDING, FULL] * 2, "enable_moe_block": True,
                        "num_experts": 4, "top_k_experts": 2, "moe_intermediate_size": 16, "attention_k_eq_v": True,
                        "num_global_key_value_heads": 1, "per_layer_config": None, "global_head_dim": 16,
                        "hidden_size_per_layer_input": 0},
        "vision_config": {"model_type": "gemma4_vision", "num_hidden_layers": TOWER, "hidden_size": 32,
                          "intermediate_size": 48, "num_attention_heads": 4, "num_key_value_heads": 4, "head_dim": 8,
                          "global_head_dim": 8, "patch_size": 4, "position_embedding_size": 64}}),
    "qwen3_moe": ("Qwen3MoeForCausalLM", {}),
    "qwen3_next": ("Qwen3NextForCausalLM", {"layer_types": HYBRID}),
    "qwen3_5": ("Qwen3_5ForConditionalGeneration", {
        "text_config": {"layer_types": HYBRID, "mtp_num_hidden_layers": 1}, "vision_config": SEES}),
    "qwen3_5_moe": ("Qwen3_5MoeForConditionalGeneration", {
        "text_config": {"layer_types": HYBRID, "mtp_num_hidden_layers": 1}, "vision_config": SEES}),
    "qwen3_vl_moe": ("Qwen3VLMoeForConditionalGeneration", {
        "text_config": {"tie_word_embeddings": False, "rope_parameters": {"rope_type": "default", "rope_theta": 5000000.0, "mrope_section": [2, 1, 1]}},
        "vision_config": SEES | {"deepstack_visual_indexes": [0, 1]}}),
    "mixtral": ("MixtralForCausalLM", {}),
    "gpt_oss": ("GptOssForCausalLM", {"layer_types": [SLIDING, FULL] * 2, "intermediate_size": 32}),
    "llama4": ("Llama4ForConditionalGeneration", {
        "text_config": {"interleave_moe_layer_step": 2, "moe_layers": [1, 3], "no_rope_layers": [1, 1, 1, 0],
                        "layer_types": [CHUNKED, CHUNKED, CHUNKED, FULL], "intermediate_size_mlp": 64},
        "vision_config": {"num_hidden_layers": TOWER, "projector_input_dim": 32, "projector_output_dim": 32,
                          "vision_output_dim": 32, "intermediate_size": 128, "image_size": 32}}),
    "ernie4_5_moe": ("Ernie4_5_MoeForCausalLM", {
        "moe_layer_start_index": 1, "moe_layer_end_index": TEXT - 1, "num_nextn_predict_layers": 1}),
    "glm4_moe": ("Glm4MoeForCausalLM", {"first_k_dense_replace": 1, "num_nextn_predict_layers": 1}),
    "glm_moe_dsa": ("GlmMoeDsaForCausalLM", {
        "qk_head_dim": 12,
        "first_k_dense_replace": 1, "mlp_layer_types": DENSE_FIRST, "num_nextn_predict_layers": 1, "index_n_heads": 4,
        "head_dim": 4, "num_key_value_heads": 4, "layer_types": None, "indexer_types": None}),
    "glm5_next": ("Glm5NextForConditionalGeneration", {
        "text_config": {"mlp_layer_types": DENSE_FIRST, "qk_rope_head_dim": 0, "head_dim": 0, "hc_mult": 2,
                        "num_key_value_heads": 4, "index_n_heads": 4, "indexer_types": None, "linear_head_dim": 8,
                        "linear_num_heads": 4, "layer_types": [LINEAR, LINEAR, LINEAR, "indexed_attention"],
                        "num_nextn_predict_layers": 1},
        "vision_config": {"depth": TOWER, "num_heads": 4, "projection_intermediate_size": 48, "out_hidden_size": 32}}),
    "deepseek_v3": ("DeepseekV3ForCausalLM", {
        "first_k_dense_replace": 1, "num_nextn_predict_layers": 1, "head_dim": 4, "num_key_value_heads": 4}),
    "deepseek_v4": ("DeepseekV4ForCausalLM", {
        "num_key_value_heads": 1, "head_dim": 8, "o_groups": 2, "o_lora_rank": 16, "index_n_heads": 4, "hc_mult": 2,
        "layer_types": ["heavily_compressed_attention"] * 2 + ["compressed_sparse_attention", "heavily_compressed_attention"],
        "mlp_layer_types": ["hash_moe", "moe", "moe", "moe"], "num_nextn_predict_layers": 1}),
    "minimax_m2": ("MiniMaxM2ForCausalLM", {}),
    "mimo_v2_flash": ("MiMoV2FlashForCausalLM", {
        "layer_types": [FULL, SLIDING, SLIDING, FULL], "mlp_layer_types": DENSE_FIRST, "per_layer_config": None}),
}


# Layer ranges that can be stacked into another model of the family: every layer moves to a position
# whose type the configuration can express.
WHOLE_TWICE, SECOND_HALF_TWICE, ALL_BUT_FIRST_TWICE = [[0, 4], [0, 4]], [[0, 4], [2, 4]], [[0, 4], [1, 4]]
SLICES = {
    "gemma3": [[0, 6], [0, 6]],
    # The layers that share keys and values are the last ones.
    "gemma4": [[0, 3], [0, 6]],
    "gemma4_moe": WHOLE_TWICE,
    "qwen3_next": WHOLE_TWICE,
    "qwen3_5": WHOLE_TWICE,
    "qwen3_5_moe": WHOLE_TWICE,
    "llama4": WHOLE_TWICE,
    "ernie4_5_moe": ALL_BUT_FIRST_TWICE,
    "glm4_moe": ALL_BUT_FIRST_TWICE,
    "glm_moe_dsa": ALL_BUT_FIRST_TWICE,
    "glm5_next": WHOLE_TWICE,
    "deepseek_v3": ALL_BUT_FIRST_TWICE,
    "deepseek_v4": ALL_BUT_FIRST_TWICE,
    "mimo_v2_flash": ALL_BUT_FIRST_TWICE,
}


def slices(family):
    return SLICES.get(family, SECOND_HALF_TWICE)


def config_of(family):
    class_name, values = FAMILIES[family]
    made = getattr(transformers, class_name).config_class()
    config = made.to_dict()
    Shrink(equal=True).config(config)
    for part in [config] + [config[key] for key in ("text_config",) if isinstance(config.get(key), dict)]:
        if "num_hidden_layers" in part:
            part["num_hidden_layers"] = TEXT
    overlay(config, values)
    for part in [config] + [value for value in config.values() if isinstance(value, dict)]:
        for key in [key for key in ("layer_types", "indexer_types", "per_layer_config") if part.get(key, 0) is None]:
            del part[key]
    return type(made).from_dict(config)


def build(family, seed=0, dtype=torch.bfloat16):
    """A small model with random weights."""
    torch.manual_seed(seed)
    model = getattr(transformers, FAMILIES[family][0])(config_of(family)).eval()
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        spread = 0.05 if parameter.dim() > 1 else 0.02
        start = 0 if parameter.dim() > 1 else parameter.data.nan_to_num(0, 0, 0)
        parameter.data = start + noise * spread
    model = model.to(dtype)
    kept = (model._keep_in_fp32_modules or []), (model._keep_in_fp32_modules_strict or [])
    for name, parameter in [*model.named_parameters(), *model.named_buffers()]:
        if any(re.search(rf"(^|\.){re.escape(key)}(\.|$)", name) for keys in kept for key in keys):
            parameter.data = parameter.data.float()
    return model
