package jmergekit.transplant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.tokenizer.TokenMatches;

/// What determines computed rows besides the model, in words, for the hash of a plan.
final class TransplantIdentity {
    private TransplantIdentity() {}

    static String of(
            TransplantOptions options,
            long seed,
            String donor,
            Collection<Source> rows,
            TokenMatches matches) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            rows.stream()
                    .flatMap(Source::stored)
                    .forEach(s -> add(digest, s.file().header() + " " + s.spec()));
            for (int id = 0; id < matches.donor().rows(); id++) {
                add(digest, matches.shared(id) + " " + matches.spelling(id).orElse(""));
            }
            return "rows for the tokens of %s (%s; seed %d; tokens and headers sha256:%s)"
                    .formatted(
                            Plan.label(donor),
                            options.text(),
                            seed,
                            HexFormat.of().formatHex(digest.digest(), 0, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, String text) {
        digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
