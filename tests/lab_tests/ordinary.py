# Copyright (c) 2026, The hardening.atlassian authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people, their browsers and their programs ask Jira and Confluence for, none of which a proxy may refuse."""

from __future__ import annotations

import urllib.parse
from typing import Any, NamedTuple


class Ask(NamedTuple):
    """One request. more: headers and the number of bytes in the body."""

    path: str
    method: str = "GET"
    more: dict[str, Any] = {}


# Titles and names of files as browsers encode them; a + and a raw semicolon come from the products' own links.
TITLES = [
    "Title", "A;B", "A%3BB", "100%25", "100%25%20sure", "50%2550", "a+b%20c", "What%3F", "C%23+and+F%23", "And+so+on...", "%C3%84rger+mit+%C3%96l",
    "%E8%A8%AD%E5%AE%9A", "%EF%BC%A1%EF%BC%8F%EF%BC%A2", "%D0%9F%D0%BB%D0%B0%D0%BD", "admin", "Admin+Guide", "setup", "Setup+of+Jira", "rpc", "WEB-INF",
    "WEB-INF+explained", "login.action", "server.xml", "page.vm", "a..b", "...", "..hidden", "a%26b%3Dc", "%5Bdraft%5D", "%7Bcode%7D", "%28x%29", "it%27s",
    "%22quoted%22", "a%40b.example", "2%2B2%3D4", "%24HOME", "R%26D", "x,y", "x:y", "x~y", "x!y", "plugins", "secure", "rest", "s", "_", "jsessionid",
    "A;jsessionid=x;y", "%E2%80%9Cquotes%E2%80%9D", "%F0%9F%98%80", "upm", "XmlBackup", "Spaces%20in%20the%20end%20", "dot.",
]  # fmt: skip
FILES = [
    "server.log", "web.config", "dump.sql", "a;b.txt", "a%3Bb.txt", "100%25.pdf", "C%23.txt", "what%3F.png", "page.vm", "META-INF.zip", "%C3%A4.docx",
    "a%20b.pdf",
    "x.tar.gz", "image.png", "a+b.csv", "it%27s.txt", "config.xml", "README", ".bashrc", "%5B1%5D.eml", "%EF%BC%A1.txt",
]  # fmt: skip
JQL = urllib.parse.quote(
    "project in (" + ", ".join(f"KEY{n}" for n in range(530)) + ") AND text ~ \"a;b ${x} 100% /admin/../ WEB-INF <b>\" AND comment ~ 'x\\\\y' ORDER BY key"
)
WEB_SOCKET = {
    "headers": {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"},
}
UPLOAD = {"headers": {"Content-Type": "multipart/form-data; boundary=x", "X-Atlassian-Token": "no-check"}, "body": 2_000_000}
JSON = {"headers": {"Content-Type": "application/json"}, "body": 200}

BOTH = [
    *(
        Ask(path)
        for path in (
            "/", "/status", "/images/icons/favicon.png", "/favicon.ico", "/robots.txt", "/s/0/_/download/batch/a.b:c/a.b:c.js",
            "/s/en_GB-1/2/3/_/images/icons/a.gif",
            "/s/d41d8cd98f00b204e9800998ecf8427e-CDN/-x1/810003/0/abc/_/download/contextbatch/js/_super,-x/batch.js?locale=en-GB",
            "/download/resources/com.atlassian.plugin:name/css/a.css", "/plugins/servlet/oauth/authorize?oauth_token=x",
            "/plugins/servlet/oauth/users/access-tokens",
            "/plugins/servlet/applinks/whoami", "/rest/applinks/1.0/manifest", "/rest/menu/latest/appswitcher", "/rest/helptips/1.0/tips",
            "/rest/webResources/1.0/resources",
            "/rest/analytics/1.0/publish/bulk", "/plugins/servlet/streams?maxResults=10", "/plugins/servlet/upm/requests",
            "/rest/mywork/latest/status/notification/count",
            "/x;jsessionid=0123456789ABCDEF0123456789ABCDEF", "/rest/tsv/1.0/authenticate?os_authType=none",
        )
    ),
    Ask("/rest/tsv/1.0/authenticate?os_authType=none", "POST", JSON),
    Ask("/rest/webResources/1.0/resources", "POST", JSON),
    Ask("/rest/analytics/1.0/publish/bulk", "POST", JSON),
]  # fmt: skip

JIRA = [
    *BOTH,
    *(Ask(f"/secure/attachment/1000{number}/{name}") for number, name in enumerate(FILES)),
    *(Ask(f"/secure/thumbnail/1000{number}/{name}") for number, name in enumerate(FILES[:8])),
    *(Ask(f"/browse/{key}") for key in ("X-1", "ADMIN-1", "SETUP-2", "WEB-INF-3", "KEY-4?filter=-1", "KEY-5?focusedCommentId=1", "RPC-6", "S-7")),
    *(
        Ask(f"/secure/{page}")
        for page in (
            "Dashboard.jspa", "Dashboard.jspa;jsessionid=0123456789ABCDEF.node1", "Dashboard.jspa?selectPageId=1", "RapidBoard.jspa?rapidView=1",
            "BrowseProjects.jspa",
            "ManageFilters.jspa", "ViewProfile.jspa?name=a%3Bb", "EditUserPreferences!default.jspa", "QuickCreateIssue!default.jspa?decorator=none",
            "CreateIssue!default.jspa",
            "AddComment!default.jspa?id=1", "EditIssue!default.jspa?id=1", "AssignIssue!default.jspa?id=1", "AttachFile!default.jspa",
            "ViewVoters!default.jspa",
            "ManageWatchers!default.jspa", "LinkJiraIssue!default.jspa", "CloneIssueDetails!default.jspa", "MoveIssue!default.jspa", "DeleteIssue!default.jspa",
            "WorkflowUIDispatcher.jspa?id=1&action=5", "CommentAssignIssue!default.jspa", "EditFilter!default.jspa", "SaveAsFilter!default.jspa",
            "ConfigurePortalPages!default.jspa", "useravatar?avatarId=1", "projectavatar?pid=1", "viewavatar?avatarType=issuetype&avatarId=1",
            "ForgotLoginDetails.jspa",
            "ContactAdministrators!default.jspa", "IssueNavAction!default.jspa", "RunPortlet.jspa", "popups/UserPickerBrowser.jspa",
            "views/bulkedit/BulkEdit1!default.jspa",
        )
    ),
    *(
        Ask(f"/rest/{resource}")
        for resource in (
            "api/2/myself", "api/2/serverInfo", "api/2/search?jql=" + JQL, "api/latest/issue/X-1?expand=names", "api/2/issue/X-1/comment",
            "api/2/issue/createmeta",
            "api/2/user?username=a%3Bb", "api/2/user/picker?query=x", "api/2/user/search?username=.", "api/2/group/member?groupname=a%25b",
            "api/2/project", "api/2/project/KEY",
            "api/2/project/KEY/role/10002", "api/2/field", "api/2/filter/10000", "api/2/jql/autocompletedata", "api/2/mypermissions", "api/2/dashboard",
            "api/2/configuration",
            "api/2/issue/X-1/properties/a%3Bb", "api/2/user/properties/x%2Ey", "api/2/issuetype", "api/2/status", "api/2/priority", "api/2/resolution",
            "auth/1/session",
            "agile/1.0/board", "greenhopper/1.0/xboard/work/allData.json?rapidViewId=1", "greenhopper/1.0/xboard/config.json", "issueNav/1/issueTable",
            "gadget/1.0/login",
            "projectconfig-x/1", "dev-status/1.0/issue/summary?issueId=1", "servicedeskapi/request", "servicedesk/1/customer/models", "tempo-core/1/user",
            "api/2/attachment/1",
            "quickedit/1.0/userpreferences/create", "viewIssue/1.0/x", "bulk-attach/1.0/x", "inline-create/1.0/context",
        )
    ),
    *(
        Ask(path)
        for path in (
            "/issues/?filter=-1", "/issues/?jql=" + JQL, "/projects/KEY/summary",
            "/projects/KEY?selectedItem=com.atlassian.jira.jira-projects-plugin:components-page",
            "/sr/jira.issueviews:searchrequest-xml/temp/SearchRequest.xml?jqlQuery=" + JQL, "/si/jira.issueviews:issue-xml/X-1/X-1.xml",
            "/si/jira.issueviews:issue-word/X-1/X-1.doc", "/servicedesk/customer/portal/1", "/servicedesk/customer/portal/1/create/2",
            "/servicedesk/customer/user/login",
            "/login.jsp?os_destination=%2Fsecure%2FDashboard.jspa", "/logout", "/charts?filename=x.png", "/captcha",
            "/plugins/servlet/gadgets/ifr?container=atlassian",
            "/plugins/servlet/gadgets/makeRequest", "/plugins/servlet/jirawebdav/x", "/secure/attachmentzip/10000.zip",
            "/secure/attachmentzip/unzip/1/2%5B0%5D/a;b.txt",
            "/startup.jsp", "/plugins/servlet/desk/portal/1", "/static-assets/metal-all.js", "/secure/insight/assets/KEY-1", "/jira-metadata/x",
            "/osd.jsp", "/projects",
        )
    ),
    Ask("/rest/api/2/search", "POST", {"headers": {"Content-Type": "application/json"}, "body": 7000}),
    Ask("/rest/api/2/issue/X-1/attachments", "POST", UPLOAD),
    Ask("/rest/internal/2/AttachTemporaryFile?filename=a%3Bb.txt&size=2000000", "POST", UPLOAD),
    Ask("/secure/AttachTemporaryFile.jspa", "POST", UPLOAD),
    Ask("/rest/api/2/issue/X-1", "PUT", JSON),
    Ask("/rest/api/2/issue/X-1", "DELETE"),
    Ask("/rest/api/2/issue", "POST", JSON),
    Ask("/rest/auth/1/session", "POST", JSON),
    Ask("/login.jsp", "POST", JSON),
    Ask("/secure/QuickCreateIssue.jspa?decorator=none", "POST", JSON),
    Ask("/rest/greenhopper/1.0/sprint/1", "PUT", JSON),
    Ask("/rest/api/2/myself", "HEAD"),
    Ask("/plugins/servlet/websocket/x", "GET", WEB_SOCKET),
]  # fmt: skip

CONFLUENCE = [
    *BOTH,
    *(Ask(f"/display/KEY/{title}") for title in TITLES),
    *(Ask(f"/spaces/KEY/pages/1234567/{title}") for title in TITLES),
    *(Ask(f"/display/KEY/2026/11/24/{title}") for title in TITLES[:8]),
    *(Ask(f"/download/attachments/1/{name}?version=1&modificationDate=1&api=v2") for name in FILES),
    *(Ask(f"/download/thumbnails/1/{name}") for name in FILES[:8]),
    *(
        Ask(path)
        for path in (
            "/display/~admin/admin", "/display/~a%3Bb", "/label/KEY/a%3Bb", "/label/c%23", "/x/AgAB", "/pages/viewpage.action?pageId=1", "/dashboard.action",
            "/pages/viewpage.action;jsessionid=0123456789ABCDEF?pageId=1", "/pages/viewpage.action?spaceKey=K&title=%24%7Bx%7D%3B..%2F",
            "/pages/editpage.action?pageId=1",
            "/pages/createpage.action?spaceKey=K", "/pages/createpage-entervariables.action?templateId=1", "/pages/resumedraft.action?draftId=1",
            "/pages/diffpages.action",
            "/pages/viewpreviousversions.action?pageId=1", "/pages/viewpageattachments.action?pageId=1", "/pages/viewinfo.action?pageId=1",
            "/pages/pageinfo.action",
            "/pages/reorderpages.action?key=K", "/pages/copypage.action", "/pages/downloadallattachments.action?pageId=1", "/spaces/viewspace.action?key=ADMIN",
            "/spaces/flyingpdf/pdfpageexport.action?pageId=1", "/exportword?pageId=1", "/spaces/listattachmentsforspace.action", "/spacedirectory/view.action",
            "/dosearchsite.action?queryString=" + JQL, "/login.action?os_destination=%2Findex.action", "/dologin.action", "/logout.action",
            "/forgotuserpassword.action",
            "/users/viewmyprofile.action", "/users/viewuserprofile.action?username=a%3Bb", "/users/editmyprofile.action",
            "/users/profile/editmyprofilepicture.action",
            "/browsepeople.action", "/labels/viewlabel.action?ids=1", "/plugins/likes/view-likes.action",
            "/plugins/servlet/confluence/default/Global/KEY/A%3BB",
            "/plugins/servlet/pagetree?x", "/plugins/pagetree/naturalchildren.action", "/plugins/editor-loader/editor.action",
            "/plugins/recently-viewed/recent.action",
            "/json/startheartbeatactivity.action", "/json/stopheartbeatactivity.action", "/json/savedraft.action", "/synchrony-proxy/v1/bayeux-sync1",
            "/download/temp/a%3Bb.pdf",
            "/download/export/pdfexport-20261124-1/KEY-100%25.pdf", "/createrssfeed.action", "/feeds/x", "/plugins/questions/x", "/questions/1/why%3F",
            "/aboutconfluencepage.action",
            "/template/includes/x.css", "/pages/templates2/viewpagetemplate.action?entityId=1",
        )
    ),
    *(
        Ask(f"/rest/{resource}")
        for resource in (
            "api/content/1?expand=body.storage", "api/content?title=A%3BB", "api/content/1/label/a%3Bb", "api/content/1/label/c%23",
            "api/content/1/child/attachment", "api/search?cql=" + JQL,
            "api/user/current", "api/user?username=x", "api/group", "api/space/KEY", "api/content/1/label/50%2550", "api/content/1/property/a;jsessionid=AB",
            "tinymce/1/macro/preview", "tinymce/1/content/1.json", "quicknav/1/search?query=x", "likes/1.0/content/1/likes", "inlinecomments/1.0/comments",
            "experimental/content/1/version", "prototype/1/search/user?query=x", "ui/1.0/content/1/labels", "emoticons/1.0/", "jiraanywhere/1.0/servers",
            "calendar-services/1.0/x",
            "create-dialog/1.0/blueprints/web-items", "recentlyviewed/1.0/recent", "watch-button/1.0/watchState/1", "token-auth/1.0/x",
            "sharelinks/1.0/link?url=x",
        )
    ),
    Ask("/rest/api/content/1/child/attachment", "POST", UPLOAD),
    Ask("/plugins/drag-and-drop/upload.action?filename=a%3Bb.txt", "POST", UPLOAD),
    Ask("/pages/doattachfile.action", "POST", UPLOAD),
    Ask("/pages/docreatepage.action", "POST", JSON),
    Ask("/dologin.action", "POST", JSON),
    Ask("/rest/tinymce/1/macro/preview", "POST", JSON),
    Ask("/rest/api/content", "POST", JSON),
    Ask("/rest/api/content/1", "PUT", JSON),
    Ask("/rest/api/content/1", "DELETE"),
    Ask("/plugins/servlet/confluence/default/Global/KEY/A%3BB", "PROPFIND"),
    Ask("/rest/api/user/current", "HEAD"),
    Ask("/synchrony-proxy/v1/bayeux-sync1", "GET", WEB_SOCKET),
]  # fmt: skip

ORDINARY = {"jira": JIRA, "confluence": CONFLUENCE}
