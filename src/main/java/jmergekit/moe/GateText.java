package jmergekit.moe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import jmergekit.config.ExpertConfig;
import jmergekit.config.GateMode;
import jmergekit.config.MixtureConfig;

/// Describes how the rows of gates are computed, in text that is unique for each way.
final class GateText {
    private static final int SHOWN = 16;

    private GateText() {}

    static String of(MixtureConfig config, long seed) {
        GateMode mode = config.gateMode();
        return mode.prompts()
                ? "gate by %s of prompts %s".formatted(mode.text(), prompts(config))
                : "gate by %s with seed %d".formatted(mode.text(), seed);
    }

    private static String prompts(MixtureConfig config) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (ExpertConfig expert : config.allExperts().toList()) {
                expert.positivePrompts().forEach(p -> add(digest, '+', p));
                expert.negativePrompts().forEach(p -> add(digest, '-', p));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, SHOWN);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, char sign, String prompt) {
        digest.update((sign + prompt).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
