package jmergekit.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote into the jar.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version =
                Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                        .orElse("development");
        return new String[] {
            "jmergekit " + version, "Java " + System.getProperty("java.runtime.version")
        };
    }
}
