package jmergekit.engine;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import jmergekit.plan.Plan;

/// What determines the bytes of a plan's shards besides the inputs: its hash, the version of the
/// program, and the values that were computed for it.
final class RunIdentity {
    private RunIdentity() {}

    static String of(Plan plan) {
        String version = RunIdentity.class.getPackage().getImplementationVersion();
        String identity = plan.hash() + " of version " + (version == null ? "unknown" : version);
        return plan.computed().isEmpty() ? identity : identity + " with " + digest(plan);
    }

    private static String digest(Plan plan) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new TreeMap<>(plan.computed())
                    .forEach((name, values) ->
                            digest.update(
                                    (name + ":" + values.encoded() + "\n")
                                            .getBytes(StandardCharsets.UTF_8)));
            return "sha256:" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
