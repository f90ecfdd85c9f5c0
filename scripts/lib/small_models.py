"""Small models of many architectures, for scripts/check-adapters, write_architectures.py and
write_loader_names.py.

Every model has few and small layers. Its stacks have different numbers of layers where the architecture
allows it, and its weights are random with a fixed seed. Needs torch and transformers.
"""

import torch
import transformers

HIDDEN, HEADS, KV, HEAD, MLP, VOCABULARY = 32, 4, 2, 8, 48, 96

# Replacement values for numbers in a configuration, by key.
SIZES = [
    (HIDDEN, "hidden_size d_model n_embd embed_dim word_embed_proj_dim decoder_hidden_size "
    "encoder_hidden_size embedding_size output_hidden_size out_hidden_size lm_hidden_size q_lora_rank "
    "projection_dim depth_hidden_size attention_hidden_size text_hidden_size adapter_in_dim "
    "hidden_size_per_layer_input projector_hidden_size model_dim enc_emb_dim hidden_dim output_dim "
    "mm_embed_dim lru_width aligner_projection_size"),
    (MLP, "intermediate_size ffn_dim n_inner dim_ff d_ff encoder_ffn_dim decoder_ffn_dim mlp_dim "
    "moe_intermediate_size ffn_hidden_size shared_expert_intermediate_size feed_forward_size "
    "expert_ffn_hidden_size shared_intermediate_size intermediate_size_mlp d_inner speech_encoder_intermediate_size "
    "moe_shared_expert_intermediate_size block_ff_dim"),
    (HEADS, "num_attention_heads n_head n_heads num_heads encoder_attention_heads decoder_attention_heads "
    "speech_encoder_attention_heads num_kv_heads_full"),
    (KV, "num_key_value_heads n_head_kv num_kv_heads multi_query_group_num"),
    (HEAD, "head_dim d_kv attention_head_dim v_head_dim qk_nope_head_dim linear_key_head_dim "
    "linear_value_head_dim index_head_dim swa_head_dim"),
    (4, "qk_rope_head_dim num_local_experts num_experts n_routed_experts conv_kernel mamba_d_conv "
    "linear_num_key_heads linear_num_value_heads patch_embed_size moe_num_experts"),
    (2, "num_experts_per_tok num_experts_per_token top_k moe_topk moe_k num_nextn_predict_layers_ n_group_ "
    "moe_layer_freq_ num_selected_experts"),
    (1, "n_shared_experts moe_num_shared_experts topk_group n_group num_zero_experts"),
    (VOCABULARY, "vocab_size text_vocab_size padded_vocab_size_"),
    (64, "max_position_embeddings n_positions n_ctx seq_length max_seq_len model_max_length "
    "max_source_positions max_target_positions sliding_window max_encoder_position_embeddings "
    "max_decoder_position_embeddings context_length original_max_position_embeddings "
    "attention_chunk_size local_attention window_size_"),
    (16, "kv_lora_rank ssm_state_size state_size mamba_d_state n_state mamba_headdim mamba_head_dim mamba_d_head "
    "chunk_size mamba_chunk_size num_mel_bins mamba_expand_ time_step_rank mamba_dt_rank index_topk "
    "laurel_rank linear_conv_kernel_dim_ vocab_size_per_layer_input_ codebook_size_ expert_chunk_size"),
    (32, "image_size crop_size"),
    (8, "patch_size mamba_num_heads mamba_n_heads n_mamba_heads_"),
]
NUMBERS = {key: size for size, keys in SIZES for key in keys.split()}

# Keys that count layers. Each stack of a model gets a different count.
LAYERS = (
    "num_hidden_layers n_layer n_layers num_layers encoder_layers decoder_layers depth "
    "num_decoder_layers num_encoder_layers depth_num_hidden_layers speech_encoder_layers "
    "encoder_num_hidden_layers num_global_layers vision_layers"
).split()


class Shrink:
    """Shrinks a configuration, given as a dictionary."""

    def __init__(self, equal):
        self.equal = equal
        self.stacks = 0

    def layers(self):
        self.stacks += 1
        return 3 if self.equal else 1 + self.stacks

    def config(self, config):
        for key, value in list(config.items()):
            if isinstance(value, dict) and not isinstance(key, int) and key not in ("per_layer_config", "projector_patch_to_query_dict", "rope_parameters", "rope_scaling", "id2label", "label2id"):
                self.config(value)
            elif key in LAYERS and isinstance(value, int):
                config[key] = self.layers()
            elif key in NUMBERS and isinstance(value, int) and not isinstance(value, bool):
                config[key] = NUMBERS[key]
            elif key in ("image_size",) and isinstance(value, list):
                config[key] = [32] * len(value)
            elif isinstance(value, int) and not isinstance(value, bool) and key.endswith(("_token_id", "_token_index")):
                config[key] = value if value < VOCABULARY else VOCABULARY - 1 - len(key) % 20
        # Lists with an entry for each layer are rebuilt from the number of layers.
        for key in ("layer_types", "layers_block_type", "mlp_layer_types", "moe_layers", "no_rope_layers"):
            config.pop(key, None)
        for key in ("stage_names", "out_features", "out_indices", "output_attentions", "architectures"):
            config.pop(key, None)
        for key in ("dtype", "torch_dtype", "transformers_version", "_name_or_path"):
            config.pop(key, None)


def overlay(config, values):
    for key, value in values.items():
        if isinstance(value, dict) and isinstance(config.get(key), dict):
            overlay(config[key], value)
        else:
            config[key] = value


def stacks(name):
    """The number of stacks in the configuration of a model."""
    shrink = Shrink(equal=True)
    shrink.config(getattr(transformers, MODELS[name][0]).config_class().to_dict())
    return shrink.stacks


def config_of(name, equal=False):
    """The configuration of a small model. `equal`: all stacks have the same number of layers."""
    class_name, values = MODELS[name]
    made = getattr(transformers, class_name).config_class()
    config = made.to_dict()
    Shrink(equal).config(config)
    overlay(config, values)
    overlay(config, SPECIAL.get(name, {}))
    return type(made).from_dict(config)


def build(name, equal=False, seed=0, dtype=torch.float32):
    """A small model with random weights."""
    torch.manual_seed(seed)
    class_name, _ = MODELS[name]
    model = getattr(transformers, class_name)(config_of(name, equal)).to(dtype).eval()
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            noise = torch.randn(parameter.shape, generator=generator) * 0.05
            parameter.data = noise.to(parameter.dtype)
        else:
            noise = torch.randn(parameter.shape, generator=generator) * 0.02
            parameter.data = (parameter.data.float() + noise).to(parameter.dtype)
    return model


def named(text, **values):
    return {name: (class_name, values) for name, class_name in (line.split() for line in text.strip().splitlines())}


MODELS = {
    # Decoders.
    **named("""
        llama LlamaForCausalLM
        mistral MistralForCausalLM
        ministral MinistralForCausalLM
        qwen2 Qwen2ForCausalLM
        qwen3 Qwen3ForCausalLM
        gemma GemmaForCausalLM
        gemma2 Gemma2ForCausalLM
        gemma3_text Gemma3ForCausalLM
        gemma3n_text Gemma3nForCausalLM
        gemma4_text Gemma4ForCausalLM
        phi PhiForCausalLM
        phi3 Phi3ForCausalLM
        gpt2 GPT2LMHeadModel
        gpt_bigcode GPTBigCodeForCausalLM
        gptj GPTJForCausalLM
        gpt_neo GPTNeoForCausalLM
        gpt_neox GPTNeoXForCausalLM
        gpt_neox_japanese GPTNeoXJapaneseForCausalLM
        openai-gpt OpenAIGPTLMHeadModel
        codegen CodeGenForCausalLM
        opt OPTForCausalLM
        bloom BloomForCausalLM
        falcon FalconForCausalLM
        mpt MptForCausalLM
        starcoder2 Starcoder2ForCausalLM
        stablelm StableLmForCausalLM
        olmo OlmoForCausalLM
        olmo2 Olmo2ForCausalLM
        olmo3 Olmo3ForCausalLM
        cohere CohereForCausalLM
        cohere2 Cohere2ForCausalLM
        glm GlmForCausalLM
        glm4 Glm4ForCausalLM
        granite GraniteForCausalLM
        apertus ApertusForCausalLM
        arcee ArceeForCausalLM
        smollm3 SmolLM3ForCausalLM
        nemotron NemotronForCausalLM
        ernie4_5 Ernie4_5ForCausalLM
        hunyuan_v1_dense HunYuanDenseV1ForCausalLM
        exaone4 Exaone4ForCausalLM
        seed_oss SeedOssForCausalLM
        bitnet BitNetForCausalLM
        persimmon PersimmonForCausalLM
        biogpt BioGptForCausalLM
        xglm XGLMForCausalLM
        ctrl CTRLLMHeadModel
        helium HeliumForCausalLM
        diffllama DiffLlamaForCausalLM
        minicpm3 MiniCPM3ForCausalLM
        nanochat NanoChatForCausalLM
        modernbert-decoder ModernBertDecoderForCausalLM
    """),
    # Mixtures of experts.
    **named("""
        mixtral MixtralForCausalLM
        qwen2_moe Qwen2MoeForCausalLM
        qwen3_moe Qwen3MoeForCausalLM
        phimoe PhimoeForCausalLM
        gpt_oss GptOssForCausalLM
        deepseek_v2 DeepseekV2ForCausalLM
        deepseek_v3 DeepseekV3ForCausalLM
        olmoe OlmoeForCausalLM
        flex_olmo FlexOlmoForCausalLM
        granitemoe GraniteMoeForCausalLM
        granitemoeshared GraniteMoeSharedForCausalLM
        glm4_moe Glm4MoeForCausalLM
        ernie4_5_moe Ernie4_5_MoeForCausalLM
        hunyuan_v1_moe HunYuanMoEV1ForCausalLM
        dots1 Dots1ForCausalLM
        minimax MiniMaxForCausalLM
        minimax_m2 MiniMaxM2ForCausalLM
        jetmoe JetMoeForCausalLM
        llama4_text Llama4ForCausalLM
        longcat_flash LongcatFlashForCausalLM
    """),
    # State-space models, convolutions and hybrids.
    **named("""
        mamba MambaForCausalLM
        mamba2 Mamba2ForCausalLM
        falcon_mamba FalconMambaForCausalLM
        jamba JambaForCausalLM
        zamba ZambaForCausalLM
        zamba2 Zamba2ForCausalLM
        bamba BambaForCausalLM
        nemotron_h NemotronHForCausalLM
        falcon_h1 FalconH1ForCausalLM
        granitemoehybrid GraniteMoeHybridForCausalLM
        lfm2 Lfm2ForCausalLM
        lfm2_moe Lfm2MoeForCausalLM
        qwen3_next Qwen3NextForCausalLM
        recurrent_gemma RecurrentGemmaForCausalLM
        rwkv RwkvForCausalLM
        xlstm xLSTMForCausalLM
    """),
    # Encoders.
    **named("""
        bert BertForMaskedLM
        roberta RobertaForMaskedLM
        xlm-roberta XLMRobertaForMaskedLM
        camembert CamembertForMaskedLM
        distilbert DistilBertForMaskedLM
        electra ElectraForMaskedLM
        deberta DebertaForMaskedLM
        deberta-v2 DebertaV2ForMaskedLM
        albert AlbertForMaskedLM
        mpnet MPNetForMaskedLM
        modernbert ModernBertForMaskedLM
        funnel FunnelForMaskedLM
        longformer LongformerForMaskedLM
        big_bird BigBirdForMaskedLM
        roformer RoFormerForMaskedLM
        squeezebert SqueezeBertForMaskedLM
        xlnet XLNetLMHeadModel
        esm EsmForMaskedLM
    """),
    # Encoder-decoder models.
    **named("""
        t5 T5ForConditionalGeneration
        mt5 MT5ForConditionalGeneration
        umt5 UMT5ForConditionalGeneration
        longt5 LongT5ForConditionalGeneration
        switch_transformers SwitchTransformersForConditionalGeneration
        bart BartForConditionalGeneration
        mbart MBartForConditionalGeneration
        led LEDForConditionalGeneration
        pegasus PegasusForConditionalGeneration
        blenderbot BlenderbotForConditionalGeneration
        marian MarianMTModel
        m2m_100 M2M100ForConditionalGeneration
        nllb-moe NllbMoeForConditionalGeneration
        prophetnet ProphetNetForConditionalGeneration
        t5gemma T5GemmaForConditionalGeneration
        fsmt FSMTForConditionalGeneration
    """),
    # Audio and speech.
    **named("""
        whisper WhisperForConditionalGeneration
        speech_to_text Speech2TextForConditionalGeneration
        speecht5 SpeechT5ForTextToSpeech
        wav2vec2 Wav2Vec2ForCTC
        wav2vec2-bert Wav2Vec2BertForCTC
        wav2vec2-conformer Wav2Vec2ConformerForCTC
        hubert HubertForCTC
        wavlm WavLMForCTC
        seamless_m4t SeamlessM4TModel
        seamless_m4t_v2 SeamlessM4Tv2Model
        csm CsmForConditionalGeneration
        moonshine MoonshineForConditionalGeneration
        dia DiaForConditionalGeneration
        bark BarkModel
        vits VitsModel
        encodec EncodecModel
        audio-spectrogram-transformer ASTForAudioClassification
        clap ClapModel
        qwen2_audio Qwen2AudioForConditionalGeneration
        voxtral VoxtralForConditionalGeneration
        granite_speech GraniteSpeechForConditionalGeneration
    """),
    # Images.
    **named("""
        vit ViTForImageClassification
        deit DeiTForImageClassification
        beit BeitForImageClassification
        swin SwinForImageClassification
        dinov2 Dinov2ForImageClassification
        dinov3_vit DINOv3ViTModel
        vit_mae ViTMAEForPreTraining
        convnext ConvNextForImageClassification
        resnet ResNetForImageClassification
        segformer SegformerForSemanticSegmentation
        sam SamModel
        owlvit OwlViTModel
        clip CLIPModel
        siglip SiglipModel
        siglip2 Siglip2Model
        clipseg CLIPSegForImageSegmentation
        align AlignModel
        groupvit GroupViTModel
        vilt ViltForMaskedLM
    """),
    # Images and text, and other combinations.
    **named("""
        blip BlipForConditionalGeneration
        blip-2 Blip2ForConditionalGeneration
        instructblip InstructBlipForConditionalGeneration
        llava LlavaForConditionalGeneration
        llava_next LlavaNextForConditionalGeneration
        llava_onevision LlavaOnevisionForConditionalGeneration
        video_llava VideoLlavaForConditionalGeneration
        vipllava VipLlavaForConditionalGeneration
        mllama MllamaForConditionalGeneration
        idefics2 Idefics2ForConditionalGeneration
        idefics3 Idefics3ForConditionalGeneration
        smolvlm SmolVLMForConditionalGeneration
        paligemma PaliGemmaForConditionalGeneration
        colpali ColPaliForRetrieval
        colqwen2 ColQwen2ForRetrieval
        internvl InternVLForConditionalGeneration
        mistral3 Mistral3ForConditionalGeneration
        pixtral PixtralVisionModel
        gemma3 Gemma3ForConditionalGeneration
        qwen2_vl Qwen2VLForConditionalGeneration
        qwen2_5_vl Qwen2_5_VLForConditionalGeneration
        qwen3_vl Qwen3VLForConditionalGeneration
        qwen3_vl_moe Qwen3VLMoeForConditionalGeneration
        qwen2_5_omni Qwen2_5OmniForConditionalGeneration
        qwen3_5 Qwen3_5ForConditionalGeneration
        llama4 Llama4ForConditionalGeneration
        aria AriaForConditionalGeneration
        glm4v Glm4vForConditionalGeneration
        aya_vision AyaVisionForConditionalGeneration
        cohere2_vision Cohere2VisionForConditionalGeneration
        lfm2_vl Lfm2VlForConditionalGeneration
        florence2 Florence2ForConditionalGeneration
        kosmos-2 Kosmos2ForConditionalGeneration
        git GitForCausalLM
        fuyu FuyuForCausalLM
        janus JanusForConditionalGeneration
        got_ocr2 GotOcr2ForConditionalGeneration
        flava FlavaModel
    """),
}


MAMBA = {"mamba_n_heads": 8, "mamba_d_head": 8, "mamba_d_state": 16, "mamba_chunk_size": 16}
LINEAR, FULL = "linear_attention", "full_attention"
CONVOLUTIONS = {"conv_dim": [16] * 3, "conv_stride": [5, 4, 4], "conv_kernel": [10, 8, 8], "num_feat_extract_layers": 3,
                "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 4, "classifier_proj_size": 16,
                "tdnn_dim": [16] * 5, "xvector_output_dim": 16, "codevector_dim": 16, "proj_codevector_dim": 16}
SEAMLESS = {"t2u_vocab_size": 80, "char_vocab_size": 70, "unit_hifi_gan_vocab_size": 60, "feature_projection_input_dim": 32,
            "encoder_layers": 2, "decoder_layers": 3, "speech_encoder_layers": 4, "t2u_encoder_layers": 2, "t2u_decoder_layers": 3,
            "t2u_encoder_ffn_dim": 48, "t2u_decoder_ffn_dim": 48, "t2u_encoder_attention_heads": 4, "t2u_decoder_attention_heads": 4,
            "t2u_max_position_embeddings": 64, "t2u_variance_predictor_embed_dim": 32, "t2u_variance_predictor_hidden_dim": 16,
            "upsample_initial_channel": 32, "upsample_rates": [5, 4], "upsample_kernel_sizes": [11, 8], "unit_embed_dim": 32,
            "lang_embed_dim": 8, "spkr_embed_dim": 8, "vocoder_num_langs": 4, "vocoder_num_spkrs": 4, "conv_depthwise_kernel_size": 7}
GEMMA3N_TEXT = {"num_hidden_layers": 5, "intermediate_size": [48] * 5, "layer_types": ["sliding_attention", FULL, "sliding_attention", "sliding_attention", FULL],
                "num_kv_shared_layers": 2, "activation_sparsity_pattern": [0.5] + [0.0] * 4, "vocab_size_per_layer_input": 80,
                "hidden_size_per_layer_input": 16, "laurel_rank": 8}

# Exceptions to the rules above.
SPECIAL = {
    "nemotron": {"num_key_value_heads": 2},
    "ministral": {"head_dim": 8},
    "hunyuan_v1_dense": {"head_dim": 8},
    "hunyuan_v1_moe": {"head_dim": 8, "num_experts": 4, "moe_topk": 2},
    "dots1": {"n_shared_experts": 1, "n_routed_experts": 4, "num_experts_per_tok": 2, "first_k_dense_replace": 1},
    "deepseek_v2": {"first_k_dense_replace": 1, "num_hidden_layers": 3},
    "deepseek_v3": {"first_k_dense_replace": 1, "num_hidden_layers": 3},
    "glm4_moe": {"first_k_dense_replace": 1, "num_hidden_layers": 3},
    "ernie4_5_moe": {"moe_layer_start_index": 1, "num_hidden_layers": 3},
    "mamba2": {"num_heads": 8, "head_dim": 8, "state_size": 16, "n_groups": 1, "chunk_size": 16},
    "jamba": {"num_hidden_layers": 4, "attn_layer_period": 2, "attn_layer_offset": 1, "mamba_dt_rank": 4},
    "zamba": {"num_hidden_layers": 4, "layers_block_type": [LINEAR, LINEAR, "hybrid", "hybrid"], "attention_hidden_size": 64,
              "attention_head_dim": 16, "mamba_dt_rank": 4, "num_key_value_heads": 4},
    "zamba2": {"num_hidden_layers": 5, "layers_block_type": [LINEAR, "hybrid", LINEAR, "hybrid", "hybrid"],
               "hybrid_layer_ids": [1, 3, 4], "num_mem_blocks": 2, "use_shared_attention_adapter": True, "adapter_rank": 4,
               "attention_hidden_size": 64, "attention_head_dim": 16, "num_key_value_heads": 4, "n_mamba_heads": 4,
               "mamba_headdim": 16, "mamba_d_state": 16, "kv_channels": 8, "num_query_groups": 4},
    "bamba": MAMBA | {"num_hidden_layers": 4, "attn_layer_indices": [1, 3]},
    "falcon_h1": MAMBA | {"mamba_d_ssm": 64},
    "granitemoehybrid": MAMBA | {"num_hidden_layers": 4, "layer_types": [LINEAR, FULL, LINEAR, FULL]},
    "nemotron_h": {"layers_block_type": [LINEAR, "moe", FULL, "mlp", LINEAR, "moe"], "mamba_num_heads": 8, "mamba_head_dim": 8, "n_groups": 2},
    "lfm2": {"num_hidden_layers": 4, "layer_types": ["conv", FULL, "conv", FULL], "block_multiple_of": 16, "full_attn_idxs": None},
    "lfm2_moe": {"num_hidden_layers": 4, "layer_types": ["conv", FULL, "conv", FULL], "num_dense_layers": 2},
    "qwen3_next": {"num_hidden_layers": 4, "layer_types": [LINEAR, LINEAR, LINEAR, FULL]},
    "recurrent_gemma": {"num_hidden_layers": 3},
    "gemma3n_text": GEMMA3N_TEXT,
    "gemma4_text": {"per_layer_config": None, "vocab_size_per_layer_input": 80, "global_head_dim": 16},
    "gpt_neo": {"num_layers": 2, "attention_types": [[["global", "local"], 1]], "attention_layers": ["global", "local"]},
    "llama4_text": {"moe_layers": [1], "num_hidden_layers": 2},
    "distilbert": {"dim": 32},
    "fsmt": {"src_vocab_size": 96, "tgt_vocab_size": 80},
    "xlnet": {"d_head": 8},
    "esm": {"vocab_size": 33, "mask_token_id": 32, "pad_token_id": 1},
    "wav2vec2": CONVOLUTIONS, "hubert": CONVOLUTIONS, "wavlm": CONVOLUTIONS,
    "wav2vec2-conformer": CONVOLUTIONS | {"vocab_size": 32},
    "wav2vec2-bert": {"vocab_size": 32, "feature_projection_input_dim": 32},
    "seamless_m4t": SEAMLESS, "seamless_m4t_v2": SEAMLESS,
    "csm": {"num_codebooks": 4, "codec_config": {"num_filters": 8, "hidden_size": 32, "codebook_dim": 16, "codebook_size": 64,
            "vector_quantization_hidden_dimension": 16, "num_quantizers": 4, "upsample_groups": 32}},
    "qwen2_5_omni": {"token2wav_config": {"dit_config": {"num_hidden_layers": 5, "emb_dim": 16, "hidden_size": 32, "num_attention_heads": 4,
                     "num_embeds": 20, "mel_dim": 16, "enc_emb_dim": 16, "enc_dim": 16, "enc_channels": [16] * 4 + [48],
                     "enc_attention_channels": 8, "enc_se_channels": 8}, "bigvgan_config": {"mel_dim": 16, "upsample_initial_channel": 64}},
                     "thinker_config": {"vision_config": {"fullatt_block_indexes": [1]}}},
    "qwen2_5_vl": {"vision_config": {"fullatt_block_indexes": [1]}},
}
