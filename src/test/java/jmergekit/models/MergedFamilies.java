package jmergekit.models;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.ValueSource;

/// The families of src/test/resources/jmergekit/models.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ValueSource(
        strings = {
            "deepseek_v3",
            "deepseek_v4",
            "ernie4_5_moe",
            "gemma3",
            "gemma4",
            "gemma4_moe",
            "glm4_moe",
            "glm5_next",
            "glm_moe_dsa",
            "gpt_oss",
            "llama",
            "llama4",
            "mimo_v2_flash",
            "minimax_m2",
            "mistral3",
            "mixtral",
            "phi3",
            "qwen3",
            "qwen3_5",
            "qwen3_5_moe",
            "qwen3_moe",
            "qwen3_next",
            "qwen3_vl_moe"
        })
@interface MergedFamilies {}
