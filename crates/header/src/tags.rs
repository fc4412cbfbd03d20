//! The header tags this crate writes: number, name as queries spell it, and type of value.
//!
//! Source: rpm `docs/manual/tags.md` and `format_v4.md`. The four tags of the signature header whose
//! numbers mean something else in the main header are in [`signature`].

/// The type of a tag's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One string.
    Text,
    /// Strings.
    Texts,
    /// One string per language of the header's table of languages.
    Translated,
    /// 16-bit numbers.
    Int16,
    /// 32-bit numbers.
    Int32,
    /// 64-bit numbers.
    Int64,
    /// Bytes.
    Binary,
}

/// A header tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its number in the file.
    pub number: u32,
    /// Its name in queries.
    pub name: &'static str,
    /// The usual type of its value. Interpreters with no arguments are written as one string
    /// although they are declared as several; rpm does so for the sake of old readers.
    pub kind: Kind,
}

/// Spells one table as constants and as [`ALL`].
macro_rules! tags {
    ($($constant:ident = $number:literal $name:ident $kind:ident;)*) => {
        $(
            #[doc = concat!("`", stringify!($name), "`")]
            pub const $constant: Tag =
                Tag { number: $number, name: stringify!($name), kind: Kind::$kind };
        )*

        /// Every tag of this table, by number.
        pub const ALL: &[Tag] = &[$($constant),*];
    };
}

tags! {
    HEADER_SIGNATURES = 62 HeaderSignatures Binary;
    HEADER_IMMUTABLE = 63 HeaderImmutable Binary;
    HEADER_I18N_TABLE = 100 HeaderI18nTable Texts;
    PUB_KEYS = 266 Pubkeys Texts;
    SIG_DSA = 267 DsaHeader Binary;
    SIG_RSA = 268 RsaHeader Binary;
    SIG_SHA1 = 269 Sha1Header Text;
    SIG_LONG_SIZE = 270 LongSigSize Int64;
    SIG_LONG_ARCHIVE_SIZE = 271 LongArchiveSize Int64;
    SIG_SHA256 = 273 Sha256Header Text;
    SIG_OPENPGP = 278 OpenPgp Texts;
    SIG_SHA3_256 = 279 Sha3_256Header Text;
    SIG_RESERVED = 999 Reserved Binary;
    NAME = 1000 Name Text;
    VERSION = 1001 Version Text;
    RELEASE = 1002 Release Text;
    EPOCH = 1003 Epoch Int32;
    SUMMARY = 1004 Summary Translated;
    DESCRIPTION = 1005 Description Translated;
    BUILD_TIME = 1006 BuildTime Int32;
    BUILD_HOST = 1007 BuildHost Text;
    SIZE = 1009 Size Int32;
    DISTRIBUTION = 1010 Distribution Text;
    VENDOR = 1011 Vendor Text;
    GIF = 1012 Gif Binary;
    XPM = 1013 Xpm Binary;
    LICENSE = 1014 License Text;
    PACKAGER = 1015 Packager Text;
    GROUP = 1016 Group Translated;
    SOURCE = 1018 Source Texts;
    PATCH = 1019 Patch Texts;
    URL = 1020 Url Text;
    OS = 1021 Os Text;
    ARCH = 1022 Arch Text;
    PRE_IN = 1023 PreIn Text;
    POST_IN = 1024 PostIn Text;
    PRE_UN = 1025 PreUn Text;
    POST_UN = 1026 PostUn Text;
    FILE_SIZES = 1028 FileSizes Int32;
    FILE_MODES = 1030 FileModes Int16;
    FILE_RDEVS = 1033 FileRdevs Int16;
    FILE_MTIMES = 1034 FileMtimes Int32;
    FILE_DIGESTS = 1035 FileDigests Texts;
    FILE_LINK_TOS = 1036 FileLinktos Texts;
    FILE_FLAGS = 1037 FileFlags Int32;
    FILE_USER_NAME = 1039 FileUserName Texts;
    FILE_GROUP_NAME = 1040 FileGroupName Texts;
    SOURCE_RPM = 1044 SourceRpm Text;
    FILE_VERIFY_FLAGS = 1045 FileVerifyFlags Int32;
    PROVIDE_NAME = 1047 ProvideName Texts;
    REQUIRE_FLAGS = 1048 RequireFlags Int32;
    REQUIRE_NAME = 1049 RequireName Texts;
    REQUIRE_VERSION = 1050 RequireVersion Texts;
    NO_SOURCE = 1051 NoSource Int32;
    NO_PATCH = 1052 NoPatch Int32;
    CONFLICT_FLAGS = 1053 ConflictFlags Int32;
    CONFLICT_NAME = 1054 ConflictName Texts;
    CONFLICT_VERSION = 1055 ConflictVersion Texts;
    EXCLUDE_ARCH = 1059 ExcludeArch Texts;
    EXCLUDE_OS = 1060 ExcludeOs Texts;
    EXCLUSIVE_ARCH = 1061 ExclusiveArch Texts;
    EXCLUSIVE_OS = 1062 ExclusiveOs Texts;
    RPM_VERSION = 1064 RpmVersion Text;
    TRIGGER_SCRIPTS = 1065 TriggerScripts Texts;
    TRIGGER_NAME = 1066 TriggerName Texts;
    TRIGGER_VERSION = 1067 TriggerVersion Texts;
    TRIGGER_FLAGS = 1068 TriggerFlags Int32;
    TRIGGER_INDEX = 1069 TriggerIndex Int32;
    VERIFY_SCRIPT = 1079 VerifyScript Text;
    CHANGELOG_TIME = 1080 ChangelogTime Int32;
    CHANGELOG_NAME = 1081 ChangelogName Texts;
    CHANGELOG_TEXT = 1082 ChangelogText Texts;
    PRE_IN_PROG = 1085 PreInProg Texts;
    POST_IN_PROG = 1086 PostInProg Texts;
    PRE_UN_PROG = 1087 PreUnProg Texts;
    POST_UN_PROG = 1088 PostUnProg Texts;
    BUILD_ARCHS = 1089 BuildArchs Texts;
    OBSOLETE_NAME = 1090 ObsoleteName Texts;
    VERIFY_SCRIPT_PROG = 1091 VerifyScriptProg Texts;
    TRIGGER_SCRIPT_PROG = 1092 TriggerScriptProg Texts;
    COOKIE = 1094 Cookie Text;
    FILE_DEVICES = 1095 FileDevices Int32;
    FILE_INODES = 1096 FileInodes Int32;
    FILE_LANGS = 1097 FileLangs Texts;
    PREFIXES = 1098 Prefixes Texts;
    SOURCE_PACKAGE = 1106 SourcePackage Int32;
    PROVIDE_FLAGS = 1112 ProvideFlags Int32;
    PROVIDE_VERSION = 1113 ProvideVersion Texts;
    OBSOLETE_FLAGS = 1114 ObsoleteFlags Int32;
    OBSOLETE_VERSION = 1115 ObsoleteVersion Texts;
    DIR_INDEXES = 1116 DirIndexes Int32;
    BASE_NAMES = 1117 BaseNames Texts;
    DIR_NAMES = 1118 DirNames Texts;
    OPT_FLAGS = 1122 OptFlags Text;
    DIST_URL = 1123 DistUrl Text;
    PAYLOAD_FORMAT = 1124 PayloadFormat Text;
    PAYLOAD_COMPRESSOR = 1125 PayloadCompressor Text;
    PAYLOAD_FLAGS = 1126 PayloadFlags Text;
    PLATFORM = 1132 Platform Text;
    FILE_COLORS = 1140 FileColors Int32;
    FILE_CLASS = 1141 FileClass Int32;
    CLASS_DICT = 1142 ClassDict Texts;
    FILE_DEPENDS_X = 1143 FileDependsX Int32;
    FILE_DEPENDS_N = 1144 FileDependsN Int32;
    DEPENDS_DICT = 1145 DependsDict Int32;
    SOURCE_PKG_ID = 1146 SourcePkgId Binary;
    POLICIES = 1150 Policies Texts;
    PRE_TRANS = 1151 PreTrans Text;
    POST_TRANS = 1152 PostTrans Text;
    PRE_TRANS_PROG = 1153 PreTransProg Texts;
    POST_TRANS_PROG = 1154 PostTransProg Texts;
    DIST_TAG = 1155 DistTag Text;
    LONG_FILE_SIZES = 5008 LongFileSizes Int64;
    LONG_SIZE = 5009 LongSize Int64;
    FILE_CAPS = 5010 FileCaps Texts;
    FILE_DIGEST_ALGO = 5011 FileDigestAlgo Int32;
    BUG_URL = 5012 BugUrl Text;
    PRE_IN_FLAGS = 5020 PreInFlags Int32;
    POST_IN_FLAGS = 5021 PostInFlags Int32;
    PRE_UN_FLAGS = 5022 PreUnFlags Int32;
    POST_UN_FLAGS = 5023 PostUnFlags Int32;
    PRE_TRANS_FLAGS = 5024 PreTransFlags Int32;
    POST_TRANS_FLAGS = 5025 PostTransFlags Int32;
    VERIFY_SCRIPT_FLAGS = 5026 VerifyScriptFlags Int32;
    TRIGGER_SCRIPT_FLAGS = 5027 TriggerScriptFlags Int32;
    POLICY_NAMES = 5030 PolicyNames Texts;
    POLICY_TYPES = 5031 PolicyTypes Texts;
    POLICY_TYPES_INDEXES = 5032 PolicyTypesIndexes Int32;
    POLICY_FLAGS = 5033 PolicyFlags Int32;
    VCS = 5034 Vcs Text;
    ORDER_NAME = 5035 OrderName Texts;
    ORDER_VERSION = 5036 OrderVersion Texts;
    ORDER_FLAGS = 5037 OrderFlags Int32;
    RECOMMEND_NAME = 5046 RecommendName Texts;
    RECOMMEND_VERSION = 5047 RecommendVersion Texts;
    RECOMMEND_FLAGS = 5048 RecommendFlags Int32;
    SUGGEST_NAME = 5049 SuggestName Texts;
    SUGGEST_VERSION = 5050 SuggestVersion Texts;
    SUGGEST_FLAGS = 5051 SuggestFlags Int32;
    SUPPLEMENT_NAME = 5052 SupplementName Texts;
    SUPPLEMENT_VERSION = 5053 SupplementVersion Texts;
    SUPPLEMENT_FLAGS = 5054 SupplementFlags Int32;
    ENHANCE_NAME = 5055 EnhanceName Texts;
    ENHANCE_VERSION = 5056 EnhanceVersion Texts;
    ENHANCE_FLAGS = 5057 EnhanceFlags Int32;
    ENCODING = 5062 Encoding Text;
    FILE_TRIGGER_SCRIPTS = 5066 FileTriggerScripts Texts;
    FILE_TRIGGER_SCRIPT_PROG = 5067 FileTriggerScriptProg Texts;
    FILE_TRIGGER_SCRIPT_FLAGS = 5068 FileTriggerScriptFlags Int32;
    FILE_TRIGGER_NAME = 5069 FileTriggerName Texts;
    FILE_TRIGGER_INDEX = 5070 FileTriggerIndex Int32;
    FILE_TRIGGER_VERSION = 5071 FileTriggerVersion Texts;
    FILE_TRIGGER_FLAGS = 5072 FileTriggerFlags Int32;
    TRANS_FILE_TRIGGER_SCRIPTS = 5076 TransFileTriggerScripts Texts;
    TRANS_FILE_TRIGGER_SCRIPT_PROG = 5077 TransFileTriggerScriptProg Texts;
    TRANS_FILE_TRIGGER_SCRIPT_FLAGS = 5078 TransFileTriggerScriptFlags Int32;
    TRANS_FILE_TRIGGER_NAME = 5079 TransFileTriggerName Texts;
    TRANS_FILE_TRIGGER_INDEX = 5080 TransFileTriggerIndex Int32;
    TRANS_FILE_TRIGGER_VERSION = 5081 TransFileTriggerVersion Texts;
    TRANS_FILE_TRIGGER_FLAGS = 5082 TransFileTriggerFlags Int32;
    FILE_TRIGGER_PRIORITIES = 5084 FileTriggerPriorities Int32;
    TRANS_FILE_TRIGGER_PRIORITIES = 5085 TransFileTriggerPriorities Int32;
    PAYLOAD_SHA256 = 5092 PayloadSha256 Texts;
    PAYLOAD_SHA256_ALGO = 5093 PayloadSha256Algo Int32;
    MODULARITY_LABEL = 5096 ModularityLabel Text;
    PAYLOAD_SHA256_ALT = 5097 PayloadSha256Alt Texts;
    SPEC = 5099 Spec Text;
    TRANSLATION_URL = 5100 TranslationUrl Text;
    UPSTREAM_RELEASES = 5101 UpstreamReleases Text;
    PRE_UN_TRANS = 5103 PreUnTrans Text;
    POST_UN_TRANS = 5104 PostUnTrans Text;
    PRE_UN_TRANS_PROG = 5105 PreUnTransProg Texts;
    POST_UN_TRANS_PROG = 5106 PostUnTransProg Texts;
    PRE_UN_TRANS_FLAGS = 5107 PreUnTransFlags Int32;
    POST_UN_TRANS_FLAGS = 5108 PostUnTransFlags Int32;
    PAYLOAD_SIZE = 5112 PayloadSize Int64;
    PAYLOAD_SIZE_ALT = 5113 PayloadSizeAlt Int64;
    RPM_FORMAT = 5114 RpmFormat Int32;
    FILE_MIME_INDEX = 5115 FileMimeIndex Int32;
    MIME_DICT = 5116 MimeDict Texts;
    SOURCE_NEVR = 5120 SourceNevr Text;
    PAYLOAD_SHA512 = 5121 PayloadSha512 Text;
    PAYLOAD_SHA512_ALT = 5122 PayloadSha512Alt Text;
    PAYLOAD_SHA3_256 = 5123 PayloadSha3_256 Text;
    PAYLOAD_SHA3_256_ALT = 5124 PayloadSha3_256Alt Text;
}

/// The tag of a number.
pub fn find(number: u32) -> Option<&'static Tag> {
    ALL.binary_search_by_key(&number, |tag| tag.number)
        .ok()
        .map(|index| &ALL[index])
}

/// Tags of the signature header that share their numbers with tags of the main header.
pub mod signature {
    use super::{Kind, Tag};

    /// Length of header and payload in bytes.
    pub const SIZE: Tag = Tag {
        number: 1000,
        name: "SigSize",
        kind: Kind::Int32,
    };
    /// RSA signature of header and payload.
    pub const PGP: Tag = Tag {
        number: 1002,
        name: "SigPgp",
        kind: Kind::Binary,
    };
    /// Signature of header and payload by other algorithms.
    pub const GPG: Tag = Tag {
        number: 1005,
        name: "SigGpg",
        kind: Kind::Binary,
    };
    /// Signature by a version of PGP that is long gone.
    pub const PGP5: Tag = Tag {
        number: 1006,
        name: "SigPgp5",
        kind: Kind::Binary,
    };
    /// MD5 of header and payload.
    pub const MD5: Tag = Tag {
        number: 1004,
        name: "SigMd5",
        kind: Kind::Binary,
    };
    /// Length of the uncompressed payload in bytes.
    pub const PAYLOAD_SIZE: Tag = Tag {
        number: 1007,
        name: "ArchiveSize",
        kind: Kind::Int32,
    };
    /// Zeroes that make room for signatures to come.
    pub const RESERVED_SPACE: Tag = Tag {
        number: 1008,
        name: "ReservedSpace",
        kind: Kind::Binary,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_by_number() {
        assert!(ALL.is_sorted_by(|a, b| a.number < b.number));
        assert_eq!(find(1049), Some(&REQUIRE_NAME));
        assert_eq!(find(1), None);
    }
}
